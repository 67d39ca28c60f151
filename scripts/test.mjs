#!/usr/bin/env node
// npm test: everything that must hold, from a fresh clone. The last line is "N passed, N failed".
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checks } from './checks.mjs';
import { ensureBuild } from './setup/build.mjs';
import { endOnSignal, run } from './setup/child.mjs';
import { withLock } from './setup/lock.mjs';
import { prepare } from './setup/prepare.mjs';
import { toolEnvironment } from './setup/runtime.mjs';
import { Plain, inWords } from './setup/say.mjs';
import { ensurePrograms } from './setup/system.mjs';
import { tallyCheck, tallyPlaywright, tallyVitest } from './tally.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, '.pitwall', 'reports');
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const summary = [];

/**
 * Runs one step, whatever became of those before it, and counts it.
 * @param {string} name
 * @param {() => Promise<import('./tally.mjs').Tally>} work
 */
async function step(name, work) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  /** @type {import('./tally.mjs').Tally} */
  let tally;
  try {
    tally = await work();
  } catch (error) {
    console.log(error instanceof Plain ? error.message : error);
    tally = { passed: 0, failed: 1 };
  }
  total.passed += tally.passed;
  total.failed += tally.failed;
  const counts = `${tally.passed} passed, ${tally.failed} failed`;
  summary.push(
    `${tally.failed === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${inWords(performance.now() - started).padStart(8)}  ${counts}`,
    ...(tally.failures ?? []).map((line) => `         ${line}`),
  );
  return tally.failed === 0;
}

/** @param {{ env: NodeJS.ProcessEnv, node: string }} tools */
async function steps({ env, node }) {
  const all = checks(root);
  /** @param {string[]} args @param {NodeJS.ProcessEnv} [more] */
  const runNode = (args, more = {}) => run(node, args, { cwd: root, env: { ...env, ...more }, echo: true });
  /**
   * Checks that only read files, one after the other; what they print comes in one piece, as others run beside them.
   * @param {{ name: string, before?: string[], args: string[] }[]} checks
   */
  const lane = async (checks) => {
    for (const { name, before, args } of checks) {
      await step(name, async () => {
        const first = before && (await run(node, before, { cwd: root, env }));
        const { code, output } = await run(node, args, { cwd: root, env });
        console.log(`--- ${name}\n${first?.output ?? ''}${output}`.trimEnd());
        return tallyCheck(first?.code || code);
      });
    }
  };
  /** @param {('unit' | 'contract' | 'integration' | 'conformance' | 'webkit')[]} projects @param {string[]} [more] */
  const vitest = (projects, more) =>
    step(projects.join(', '), async () => {
      const report = join(reports, `${projects.join('-')}.json`);
      return tallyVitest(report, (await runNode(all.vitest(projects, report, more).args)).code);
    });

  /** @param {('chromium' | 'firefox' | 'timed')[]} projects */
  const endToEnd = (projects) =>
    step(projects.join(', '), async () => {
      const report = join(reports, `${projects.join('-')}.json`);
      const more = { PLAYWRIGHT_JSON_OUTPUT_FILE: report, CI: '1' };
      return tallyPlaywright(report, (await runNode(all.e2e(projects).args, more)).code);
    });

  await Promise.all([
    lane([{ ...all.types, before: all.typegen.args }, all.imports]),
    lane([all.lint.plain, all.format.plain]),
  ]);
  // Together, since what a contract suite runs through is covered.
  await vitest(['unit', 'contract'], ['--coverage']);
  // The integration tests start the real server, which needs the console built.
  await step('build', () =>
    withLock(join(root, '.pitwall'), 'setup.lock', async () => {
      await ensureBuild(root, node);
      return tallyCheck(0);
    }),
  );
  await vitest(['integration']);
  await vitest(['conformance']);
  await endToEnd(['chromium', 'firefox']);
  await vitest(['webkit']);
  await endToEnd(['timed']);
}

endOnSignal();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
/** @type {{ node: string } | undefined} */
let tools;
await step('set-up', async () => {
  tools = await prepare(root, { build: false });
  return tallyCheck(0);
});
if (tools) {
  await step('programs', async () => {
    await ensurePrograms(root);
    return tallyCheck(0);
  });
  await steps({ node: tools.node, env: toolEnvironment(root) });
}
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
