import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** [from, imports, the rule that refuses it or undefined, 'type' when only types are imported] */
type Case = readonly [from: string, to: string, rule: string | undefined, kind?: 'type'];

const CASES: readonly Case[] = [
  ['lib/kernel/a.ts', 'lib/contracts/b.ts', 'kernel'],
  ['lib/contracts/a.ts', 'lib/kernel/b.ts', 'contracts'],
  ['lib/cache/a.ts', 'lib/kernel/b.ts', undefined],
  ['lib/cache/a.ts', 'lib/http-cache/b.ts', 'engines'],
  ['lib/dedup/a.ts', 'lib/contracts/b.ts', 'engines'],
  ['lib/resilience/a.ts', 'lib/metrics/b.ts', 'engines', 'type'],
  ['lib/tracing/a.ts', 'lib/gateway/b.ts', 'engines'],
  ['lib/metrics/a.ts', 'lib/contracts/b.ts', undefined],
  ['lib/metrics/a.ts', 'lib/cache/b.ts', 'metrics'],
  ['lib/gateway/a.ts', 'lib/cache/b.ts', undefined],
  ['lib/gateway/a.ts', 'lib/config/b.ts', 'gateway'],
  ['lib/gateway/a.ts', 'lib/live/b.ts', 'gateway'],
  ['lib/live/a.ts', 'lib/metrics/b.ts', undefined, 'type'],
  ['lib/live/a.ts', 'lib/metrics/c.ts', 'features-take-engines-by-argument'],
  ['lib/benchmark/a.ts', 'lib/live/b.ts', 'features'],
  ['lib/onboarding/a.ts', 'lib/cache/b.ts', undefined, 'type'],
  ['lib/onboarding/a.ts', 'lib/cache/c.ts', 'features-take-engines-by-argument'],
  ['lib/onboarding/a.ts', 'lib/live/b.ts', 'features'],
  ['lib/storage/a.ts', 'lib/alerts/b.ts', undefined, 'type'],
  ['lib/storage/a.ts', 'lib/cache/b.ts', undefined],
  ['lib/storage/a.ts', 'lib/gateway/b.ts', 'storage'],
  ['lib/gateway/worker.ts', 'lib/storage/a.ts', undefined],
  ['lib/gateway/worker.ts', 'lib/config/a.ts', 'gateway-thread'],
  ['lib/gateway/a.ts', 'lib/storage/a.ts', 'gateway'],
  ['lib/config/a.ts', 'lib/gateway/b.ts', 'config'],
  ['lib/http/a.ts', 'lib/dedup/b.ts', undefined],
  ['lib/http/a.ts', 'lib/config/b.ts', 'http'],
  ['lib/runtime.ts', 'lib/container.ts', 'runtime-never-constructs'],
  ['lib/runtime.ts', 'lib/cache/b.ts', 'runtime', 'type'],
  ['lib/container/a.ts', 'sample/b.ts', undefined],
  ['lib/live/e.ts', 'lib/container/a.ts', 'one-caller-of-the-container'],
  ['lib/live/d.ts', 'lib/container.ts', 'one-caller-of-the-container', 'type'],
  ['lib/container.ts', 'lib/gateway/b.ts', undefined],
  ['lib/container.ts', 'components/ui/b.tsx', 'container'],
  ['server.ts', 'lib/container.ts', undefined],
  ['server.ts', 'sample/b.ts', 'server'],
  ['sample/a.ts', 'lib/gateway/b.ts', 'sample'],
  ['cli/a.ts', 'lib/gateway/b.ts', undefined],
  ['cli/a.ts', 'components/ui/b.tsx', 'cli'],
  ['app/api/x/route.ts', 'lib/http/b.ts', undefined],
  ['app/api/x/route.ts', 'lib/live/b.ts', 'app-api'],
  ['app/page.tsx', 'components/overview/b.tsx', undefined],
  ['app/page.tsx', 'lib/gateway/b.ts', 'app-pages'],
  ['app/page.tsx', 'app/api/openapi.json/document.ts', undefined],
  ['app/page.tsx', 'app/api/x/b.ts', 'app-pages'],
  ['components/overview/a.tsx', 'components/charts/b.tsx', undefined],
  ['components/overview/a.tsx', 'components/alerts/b.tsx', 'components'],
  ['components/overview/a.tsx', 'components/layout/b.tsx', 'components'],
  ['components/layout/a.tsx', 'components/overview/b.tsx', 'components'],
  ['components/overview/a.tsx', 'lib/kernel/b.ts', 'components'],
  ['components/ui/a.tsx', 'components/overview/b.tsx', 'primitives'],
  ['hooks/a.ts', 'lib/contracts/b.ts', undefined],
  ['hooks/a.ts', 'components/ui/b.tsx', 'hooks'],
  ['lib/metrics/t.ts', 'tests/support/b.ts', 'no-tests-in-product'],
  ['scripts/a.mjs', 'lib/kernel/b.ts', 'scripts'],
];
const CYCLE = ['lib/kernel/x.ts', 'lib/kernel/y.ts'] as const;

const rules = createRequire(import.meta.url)('../../../.dependency-cruiser.cjs') as {
  forbidden: object[];
  options: ICruiseOptions;
};

describe('import rules', () => {
  let root: string;
  let found: { from: string; to: string; rule: string }[];

  /** A tree of files in which each case is one import. */
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'pitwall-imports-')));
    const files = new Map<string, string[]>();
    const add = (path: string, line: string) => files.set(path, [...(files.get(path) ?? []), line]);
    const specifier = (from: string, to: string) => {
      const path = relative(dirname(from), to);
      return path.startsWith('.') ? path : `./${path}`;
    };
    for (const [from, to, , kind] of CASES) {
      const module = specifier(from, to);
      add(to, 'export const value = 1;\nexport type Value = number;');
      add(from, kind === 'type' ? `import type { Value } from '${module}';` : `import { value } from '${module}';`);
    }
    add(CYCLE[0], `import './y.ts';`);
    add(CYCLE[1], `import './x.ts';`);
    for (const [path, lines] of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), [...new Set(lines)].join('\n'));
    }
    const tops = [...new Set([...files.keys()].map((path) => path.split('/')[0] as string))];
    const { tsConfig: _, ...options } = rules.options as ICruiseOptions & { tsConfig: unknown };
    const { output } = await cruise(tops, {
      ...options,
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: rules.forbidden as [] },
    });
    found = (output as ICruiseResult).summary.violations.map((v) => ({ from: v.from, to: v.to, rule: v.rule.name }));
  }, 60_000);

  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each(CASES)('%s -> %s: %s', (from, to, rule) => {
    const refused = found.filter((violation) => violation.from === from && violation.to === to).map((v) => v.rule);
    if (rule === undefined) expect(refused).toEqual([]);
    else expect(refused).toContain(rule);
  });

  it('refuses a cycle', () => {
    expect(found.filter((violation) => violation.rule === 'no-cycle').map((v) => v.from)).toContain(CYCLE[0]);
  });

  it('exercises every rule that is ours', () => {
    const generic = ['no-unresolvable', 'no-undeclared-package', 'no-dev-package-in-product'];
    const names = (rules.forbidden as { name: string }[]).map((rule) => rule.name);
    const tested = new Set([...CASES.map(([, , rule]) => rule), 'no-cycle', ...generic]);
    expect(names.filter((name) => !tested.has(name))).toEqual([]);
  });
});
