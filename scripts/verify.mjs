#!/usr/bin/env node
// npm run verify: types, lint, imports, format and units, side by side, in seconds. npm run lint: three of them.
// Names as arguments choose checks.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOnSignal, run } from './setup/child.mjs';
import { prepare } from './setup/prepare.mjs';
import { toolEnvironment } from './setup/runtime.mjs';
import { Plain, inWords } from './setup/say.mjs';
import { checks } from './checks.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
endOnSignal();
try {
  const { node } = await prepare(root, { build: false });
  const env = toolEnvironment(root);
  const { typegen, types, lint, imports, format, unit } = checks(root);
  // Pages don't type-check without the declarations that Next writes.
  if (!existsSync(join(root, 'next-env.d.ts'))) await run(node, typegen.args, { cwd: root, env });
  const every = [types, lint.cached, imports, format.cached, unit.plain];
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !every.some((check) => check.name === name));
  if (unknown)
    throw new Plain(`There is no check "${unknown}". There are: ${every.map(({ name }) => name).join(', ')}.`);
  const chosen = every.filter(({ name }) => names.length === 0 || names.includes(name));
  const results = await Promise.all(
    chosen.map(async (check) => {
      const result = await run(node, check.args, { cwd: root, env });
      console.log(`${result.code === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(8)} ${inWords(result.ms)}`);
      return { ...result, name: check.name };
    }),
  );
  const failed = results.filter((result) => result.code !== 0);
  for (const { name, output } of failed) console.log(`\n--- ${name}\n${output.trimEnd()}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof Plain)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
