import { expect, it } from 'vitest';
import { resolveConfig } from '../../../lib/config/resolve.ts';
import { createUnsealedWarning } from '../../../lib/container/sensitive.ts';
import type { Config } from '../../../lib/contracts/policy.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';

const config = (sensitive: boolean): Config =>
  resolveConfig(
    {
      services: [{ name: 's', targets: [{ url: 'http://o.test' }], routes: [{ path: '/me', policy: { sensitive } }] }],
    },
    { cacheTtl: 0, readFile: () => '' },
  );

it.each([
  ['no key, and a sensitive route', false, true, [false, true, true, false, true], 1],
  ['no key, and no sensitive route', false, true, [false, false], 0],
  ['a key', true, true, [true], 0],
  ['no L3', false, false, [true], 0],
] as const)('with %s', (_, hasKeys, hasLevel, configs, times) => {
  const said: string[] = [];
  const warn = createUnsealedWarning(hasKeys, hasLevel, { ...silentLogger, warn: (text) => said.push(text) });
  for (const sensitive of configs) warn(config(sensitive));
  expect(said).toHaveLength(times);
  if (times > 0) expect(said[0]).toContain('memory alone: set PITWALL_CACHE_KEY');
});
