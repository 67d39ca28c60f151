#!/usr/bin/env node
// npm run bench [-- NAME…] [-- NAME --seconds N --rounds N]: runs bench/NAME.ts, or all of them one after the other.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './setup/prepare.mjs';
import { serverEnvironment } from './setup/runtime.mjs';
import { Plain } from './setup/say.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Benches that run the whole product, and so need the built console. */
const WHOLE = ['memory', 'console-load', 'live', 'restart', 'tail-page'];

try {
  const all = readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .sort();
  const args = process.argv.slice(2);
  const flagsAt = args.findIndex((arg) => arg.startsWith('--'));
  const flags = flagsAt === -1 ? [] : args.slice(flagsAt);
  const asked = flagsAt === -1 ? args : args.slice(0, flagsAt);
  const unknown = asked.find((name) => !all.includes(name));
  if (unknown) throw new Plain(`There is no bench "${unknown}". There are: ${all.join(', ')}.`);
  const names = asked.length > 0 ? asked : all;
  const { node } = await prepare(root, { build: names.some((name) => WHOLE.includes(name)) });
  for (const name of names) {
    console.log(`\n=== ${name}`);
    const code = await new Promise((resolve) => {
      const child = spawn(node, ['--expose-gc', join('bench', `${name}.ts`), ...flags], {
        cwd: root,
        env: { ...serverEnvironment(root), NODE_ENV: 'production' },
        stdio: 'inherit',
      });
      child.on('exit', (value) => resolve(value ?? 1));
    });
    if (code !== 0) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof Plain)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
