#!/usr/bin/env node
// npm run journal:verify [-- --anchor 'CHAIN NUMBER MAC']: pitwall journal verify, in a checkout that may need setting up.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './setup/prepare.mjs';
import { serverEnvironment } from './setup/runtime.mjs';
import { Plain } from './setup/say.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

try {
  const { node } = await prepare(root, { build: false });
  // The working directory is the caller's: PITWALL_DATA_DIR is relative to it.
  const child = spawn(node, [join(root, 'bin', 'pitwall.js'), 'journal', ...process.argv.slice(2)], {
    env: serverEnvironment(root),
    stdio: 'inherit',
  });
  process.exitCode = await new Promise((resolve) => {
    child.on('exit', (code) => resolve(code ?? 1));
  });
} catch (error) {
  if (!(error instanceof Plain)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
