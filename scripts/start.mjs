#!/usr/bin/env node
// npm start, npm run dev: everything from a fresh clone to a running product. Node 20, no packages needed.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOnSignal } from './setup/child.mjs';
import { prepare } from './setup/prepare.mjs';
import { Plain } from './setup/say.mjs';
import { serve } from './serve.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const dev = args.includes('--dev');

try {
  const unknown = args.find((arg) => arg !== '--dev');
  if (unknown) throw new Plain(`npm start takes no "${unknown}"; settings are environment variables (docs/run.md).`);
  const stopListening = endOnSignal();
  const { node } = await prepare(root, { build: !dev });
  stopListening();
  process.exitCode = await serve({ root, node, dev });
} catch (error) {
  if (!(error instanceof Plain)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
