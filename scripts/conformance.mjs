#!/usr/bin/env node
// npm run conformance: the public suite of HTTP cache tests through the real gateway, its score, and what isn't passed.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checks } from './checks.mjs';
import { endOnSignal, run } from './setup/child.mjs';
import { prepare } from './setup/prepare.mjs';
import { toolEnvironment } from './setup/runtime.mjs';
import { Plain } from './setup/say.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** @typedef {{ id: string, name: string, kind: string, passed: boolean, why: string }} Outcome */

endOnSignal();
try {
  const { node } = await prepare(root, { build: true });
  const report = join(root, '.pitwall', 'reports', 'conformance.json');
  const { code } = await run(node, checks(root).vitest(['conformance'], report).args, {
    cwd: root,
    env: toolEnvironment(root),
    echo: true,
  });
  /** @type {Outcome[]} */
  const outcomes = JSON.parse(readFileSync(join(root, '.pitwall', 'reports', 'conformance-outcomes.json'), 'utf8'));
  for (const kind of ['required', 'optimal', 'check']) {
    const all = outcomes.filter((outcome) => outcome.kind === kind);
    console.log(`${kind.padEnd(9)} ${all.filter(({ passed }) => passed).length} of ${all.length}`);
  }
  const missed = outcomes.filter(({ kind, passed }) => kind !== 'check' && !passed);
  for (const { id, kind, why } of missed) console.log(`  ${kind} ${id}: ${why.slice(0, 120)}`);
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof Plain)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
