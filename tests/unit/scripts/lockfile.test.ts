import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complete, missingPackages, platformOf } from '../../../scripts/lockfile.mjs';

describe('the lockfile', () => {
  it('holds every package for every platform, or npm ci refuses it', () => {
    const file = join(import.meta.dirname, '../../../package-lock.json');
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Parameters<typeof missingPackages>[0] };
    expect(missingPackages(packages)).toEqual([]);
  });

  const packages = {
    '': { dependencies: { a: '^1.0.0' } },
    'node_modules/a': {
      version: '1.0.0',
      dependencies: { b: '1.0.0', c: '1.0.0' },
      optionalDependencies: { 'a-linux-x64-musl': '1.0.0', 'a-darwin-arm64': '1.0.0' },
    },
    'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { a: '^1.0.0' } },
  };

  it('is searched from each folder upwards', () => {
    expect(missingPackages(packages).map(({ name }) => name)).toEqual(['c', 'a-linux-x64-musl', 'a-darwin-arm64']);
  });

  it('is completed with platforms alone: nothing else is known without a registry', () => {
    const completed = complete(packages);
    expect(completed['node_modules/a-linux-x64-musl']).toEqual({
      version: '1.0.0',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      optional: true,
    });
    expect(missingPackages(completed).map(({ name }) => name)).toEqual(['c']);
  });

  it.each([
    ['@x/y-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
    ['@x/y-linux-ppc64-gnu', { os: ['linux'], cpu: ['ppc64'], libc: ['glibc'] }],
    ['@x/y-wasm32-wasi', { cpu: ['wasm32'] }],
    ['@x/y', {}],
  ])('%s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});
