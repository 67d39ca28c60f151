#!/usr/bin/env node
// The launcher: runs cli/main.ts under Node 24. Plain JavaScript, so that an older Node can read it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = 24;

function fail(sentence) {
  process.stderr.write(`pitwall: ${sentence}\n`);
  process.exitCode = 1;
}

function relaunch(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} can't be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name);
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}

/**
 * A Ctrl-C often arrives twice: from the terminal, and from npm, which passes it on. The second of such a pair
 * must not cut short a command that is ending well; a later one ends everything.
 */
function tolerateDoubleInterrupt() {
  let first;
  process.on('SIGINT', () => {
    const pressed = Date.now();
    const nobodyElse = process.listenerCount('SIGINT') === 1;
    if (first === undefined ? nobodyElse : pressed - first > 500) process.exit(130);
    first ??= pressed;
  });
}

async function launch() {
  if (Number(process.versions.node.split('.')[0]) >= needed) {
    if (!existsSync(join(root, 'node_modules'))) return fail(`run "npm ci" in ${root} first.`);
    tolerateDoubleInterrupt();
    const { main } = await import('../cli/main.ts');
    process.exitCode = await main(process.argv.slice(2), { out: process.stdout, err: process.stderr });
    return undefined;
  }
  const node = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(node)) return relaunch(node);
  return fail(
    `this needs Node ${needed}, and Node ${process.versions.node} runs it; run "npm ci" in ${root}, or install Node ${needed}.`,
  );
}

await launch();
