import { spawn } from 'node:child_process';

/** Children that this script has running; ended with it. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * While set-up or checks run, a signal ends the children and then this script.
 * @returns {() => void} gives the signals back
 */
export function endOnSignal() {
  const numbers = /** @type {const} */ ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 });
  /** @param {keyof typeof numbers} signal */
  const end = (signal) => {
    for (const child of running) child.kill('SIGTERM');
    process.exit(128 + numbers[signal]);
  };
  for (const signal of /** @type {(keyof typeof numbers)[]} */ (Object.keys(numbers))) process.on(signal, end);
  return () => {
    for (const signal of Object.keys(numbers)) process.off(signal, end);
  };
}

/**
 * Runs a command to its end. With `echo`, its output is passed on as it comes as well as returned.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, echo?: boolean }} options
 * @returns {Promise<{ code: number, output: string, ms: number }>} code 127 when the command can't be started
 */
export function run(command, args, { cwd, env = process.env, echo = false }) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    /** @type {Buffer[]} */
    const chunks = [];
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      chunks.push(chunk);
      if (echo) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    /** @param {number} code */
    const done = (code, more = '') => {
      if (!running.delete(child)) return;
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') + more, ms: performance.now() - started });
    };
    child.on('error', (error) => done(127, `${error.message}\n`));
    child.on('close', (code) => done(code ?? 1));
  });
}
