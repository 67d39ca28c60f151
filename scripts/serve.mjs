import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { serverEnvironment } from './setup/runtime.mjs';
import { say } from './setup/say.mjs';

/** What restarts the server in development; pages reload by themselves. */
const FOLDERS = ['lib', 'sample'];
const ENTRY = 'server.ts';
const SETTLE_MS = 150;
/** In development a restart doesn't wait longer for open streams. */
const RESTART_GRACE_MS = 2000;
/** Ctrl-C reaches this process from the terminal and again through npm: one key press, one signal. */
const ECHO_MS = 300;

/**
 * Runs `node server.ts` and passes signals on: the first asks it to drain, a second Ctrl-C kills it.
 * @param {{ root: string, node: string, dev: boolean, echoMs?: number }} options
 * @returns {Promise<number>} the exit code
 */
export function serve({ root, node, dev, echoMs = ECHO_MS }) {
  const env = { ...serverEnvironment(root), NODE_ENV: dev ? 'development' : 'production' };
  const terminal = process.stdin.isTTY === true;
  return new Promise((resolve) => {
    /** @type {import('node:child_process').ChildProcess | undefined} */
    let server;
    let restarting = false;
    let ending = false;
    /** When each signal came last. @type {Map<NodeJS.Signals, number>} */
    const cameAt = new Map();
    /** @type {(() => void)[]} */
    const cleanup = [];

    /** @param {number} code */
    const finish = (code) => {
      for (const clean of cleanup) clean();
      resolve(code);
    };

    const start = () => {
      restarting = false;
      // A process group of its own: the terminal's Ctrl-C comes to us alone and is passed on once.
      const child = spawn(node, [ENTRY], { cwd: root, env, stdio: 'inherit', detached: true });
      server = child;
      child.once('error', (error) => {
        say(`The server could not be started: ${error.message}`);
        finish(1);
      });
      child.once('exit', (code, signal) => {
        server = undefined;
        if (restarting && !ending) return start();
        if (dev && !ending && code !== 0) return say('The server ended; it starts again with the next change.');
        finish(code ?? 128 + (signal ? constants.signals[signal] : 0));
      });
    };

    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      const now = performance.now();
      const echo = now - (cameAt.get(signal) ?? -Infinity) < echoMs;
      cameAt.set(signal, now);
      if (echo) return;
      // A terminal that closes ends what ran in it; without one, SIGHUP asks for the logs to be opened again.
      const wanted = signal === 'SIGHUP' && terminal ? 'SIGTERM' : signal;
      const again = ending && wanted !== 'SIGHUP';
      if (wanted !== 'SIGHUP') ending = true;
      if (!server) return ending ? finish(0) : undefined;
      server.kill(again ? 'SIGKILL' : wanted);
    };
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      const listener = () => pass(signal);
      process.on(signal, listener);
      cleanup.push(() => process.off(signal, listener));
    }

    /** @param {string} what */
    const restart = (what) => {
      if (ending) return;
      if (!server) return start();
      if (restarting) return;
      restarting = true;
      say(`${what} changed; restarting.`);
      const child = server;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), RESTART_GRACE_MS);
      child.once('exit', () => clearTimeout(timer));
    };
    if (dev) cleanup.push(watchSources(root, restart));
    start();
  });
}

/**
 * Calls `onChange` once for a burst of changes, with the name of one of them.
 * @param {string} root
 * @param {(what: string) => void} onChange
 * @returns {() => void} ends the watch
 */
function watchSources(root, onChange) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @param {string} what */
  const settle = (what) => {
    clearTimeout(timer);
    timer = setTimeout(() => onChange(what), SETTLE_MS);
  };
  const folders = FOLDERS.filter((name) => existsSync(join(root, name))).map((name) =>
    watch(join(root, name), { recursive: true }, (_event, file) => {
      if (file?.endsWith('.ts')) settle(join(name, file));
    }),
  );
  // The folder, not the file: editors replace a file, and a watch on it would follow the old one.
  const entry = watch(root, (_event, file) => {
    if (file === ENTRY) settle(ENTRY);
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of [...folders, entry]) watcher.close();
  };
}
