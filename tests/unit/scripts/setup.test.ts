import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildIsCurrent } from '../../../scripts/setup/build.mjs';
import { run } from '../../../scripts/setup/child.mjs';
import { dependenciesAreCurrent } from '../../../scripts/setup/dependencies.mjs';
import { withLock } from '../../../scripts/setup/lock.mjs';
import { findNode, serverEnvironment, toolEnvironment } from '../../../scripts/setup/runtime.mjs';
import { inWords } from '../../../scripts/setup/say.mjs';
import { buildSources, fingerprint } from '../../../scripts/setup/sources.mjs';
import { howToInstall, missingPrograms } from '../../../scripts/setup/system.mjs';
import { folderWith, writeInto } from './folder.ts';

const lockfile = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });

describe('dependencies', () => {
  const wanted = {
    '': { name: 'x' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  };
  const a = wanted['node_modules/a'];

  it.each([
    ['nothing installed', undefined, false],
    ['all installed', { 'node_modules/a': a, 'node_modules/b': wanted['node_modules/b'] }, true],
    ['an optional package of another platform absent', { 'node_modules/a': a }, true],
    ['a package absent', { 'node_modules/b': wanted['node_modules/b'] }, false],
    ['another version', { 'node_modules/a': { ...a, version: '1.0.1' } }, false],
    ['other content', { 'node_modules/a': { ...a, integrity: 'sha512-z' } }, false],
    ['an optional package of another version', { 'node_modules/a': a, 'node_modules/b': { version: '1' } }, false],
  ])('%s', (_what, installed, current) => {
    const root = folderWith({ 'package-lock.json': lockfile(wanted) });
    if (installed) writeInto(root, { 'node_modules/.package-lock.json': lockfile(installed) });
    expect(dependenciesAreCurrent(root)).toBe(current);
  });

  it('installs again over an unreadable record', () => {
    const root = folderWith({ 'package-lock.json': lockfile(wanted), 'node_modules/.package-lock.json': '{' });
    expect(dependenciesAreCurrent(root)).toBe(false);
  });
});

describe('the right Node', () => {
  it('is this one when it is new enough', () => {
    expect(findNode('/nowhere', { path: '/bin/mine', version: '24.0.0' })).toBe('/bin/mine');
  });

  it('is the one among the packages otherwise', () => {
    const root = folderWith({});
    writeInto(root, { 'node_modules/.bin/node': '' });
    expect(() => findNode(root, { path: '/bin/old', version: '20.20.2' })).toThrow(
      /needs Node 24 and this is Node 20\.20\.2/,
    );
    const project = join(import.meta.dirname, '..', '..', '..');
    if (existsSync(join(project, 'node_modules', '.bin', 'node'))) {
      expect(findNode(project, { path: '/bin/old', version: '20.20.2' })).toMatch(/node_modules\/\.bin\/node$/);
    }
  });

  it('comes first on the path of tools', () => {
    expect(toolEnvironment('/x', { ...process.env, PATH: '/usr/bin', KEPT: '1' })).toMatchObject({
      PATH: '/x/node_modules/.bin:/usr/bin',
      KEPT: '1',
      NEXT_TELEMETRY_DISABLED: '1',
    });
  });

  it('runs the server with less memory, unless somebody knows better', () => {
    const env = { ...process.env, PATH: '/usr/bin', MALLOC_ARENA_MAX: '8' };
    expect(serverEnvironment('/x', env)).toMatchObject({
      PATH: '/x/node_modules/.bin:/usr/bin',
      NODE_COMPILE_CACHE: '/x/.pitwall/compile-cache',
      MALLOC_ARENA_MAX: '8',
    });
  });
});

describe('the sources of a build', () => {
  const files = {
    'app/page.tsx': `import { Hero } from '@/components/hero';\nimport type { Big } from '../lib/big.ts';\nimport './globals.css';`,
    'app/globals.css': 'a {}',
    'components/hero.tsx': `export { live } from '../lib/contracts/live.ts';`,
    'lib/contracts/live.ts': `import {\n  two,\n} from './two.ts';\nimport 'react';\nexport const live = import('./late.ts');`,
    'lib/contracts/two.ts': 'export const two = 2;',
    'lib/contracts/late.ts': '',
    'lib/gateway/pipeline.ts': 'export {};',
    'lib/big.ts': 'export {};',
    'package-lock.json': '{}',
  };

  it('are the pages, the settings and what they import for values', () => {
    expect(buildSources(folderWith(files))).toEqual([
      'app/globals.css',
      'app/page.tsx',
      'components/hero.tsx',
      'lib/contracts/late.ts',
      'lib/contracts/live.ts',
      'lib/contracts/two.ts',
      'package-lock.json',
    ]);
  });

  it('change the fingerprint by content, path and number, not by time', () => {
    const root = folderWith(files);
    const first = fingerprint(root);
    utimesSync(join(root, 'app/page.tsx'), 1, 1);
    writeInto(root, { 'lib/gateway/pipeline.ts': 'export const other = 1;' });
    expect(fingerprint(root)).toBe(first);
    writeInto(root, { 'lib/contracts/two.ts': 'export const two = 3;' });
    const second = fingerprint(root);
    expect(second).not.toBe(first);
    writeInto(root, { 'app/new.css': '' });
    expect(fingerprint(root)).not.toBe(second);
  });

  it('a build is current only whole and with their fingerprint', () => {
    const root = folderWith({ '.next/pitwall-sources': 'abc' });
    expect(buildIsCurrent(root, 'abc')).toBe(false);
    writeInto(root, { '.next/BUILD_ID': 'x' });
    expect(buildIsCurrent(root, 'abc')).toBe(true);
    expect(buildIsCurrent(root, 'abd')).toBe(false);
  });
});

describe('the set-up lock', () => {
  it('lets one work at a time, and waits with a word', async () => {
    const root = folderWith({});
    let inside = 0;
    let most = 0;
    let waits = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => withLock(root, 'a.lock', work, () => (waits += 1))));
    expect([most, waits > 0, existsSync(join(root, 'a.lock'))]).toEqual([1, true, false]);
  });

  it('is given back when the work fails', async () => {
    const root = folderWith({});
    await expect(withLock(root, 'a.lock', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(join(root, 'a.lock'))).toBe(false);
  });

  it('takes over from a process that is gone', async () => {
    const gone = await run(process.execPath, ['-p', 'process.pid'], { cwd: '/' });
    const root = folderWith({ 'a.lock': `${hostname()} ${gone.output.trim()}` });
    let waits = 0;
    const seen = await withLock(
      root,
      'a.lock',
      async () => readFileSync(join(root, 'a.lock'), 'utf8'),
      () => (waits += 1),
    );
    expect([seen, waits]).toEqual([`${hostname()} ${process.pid}`, 0]);
  });

  it('takes over from an owner without a sign of life, wherever it ran', async () => {
    const root = folderWith({ 'a.lock': 'elsewhere 1' });
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(root, 'a.lock'), longAgo, longAgo);
    writeFileSync(join(root, 'a.lock.evict'), 'elsewhere 2');
    utimesSync(join(root, 'a.lock.evict'), longAgo, longAgo);
    expect(await withLock(root, 'a.lock', async () => 'done')).toBe('done');
  });
});

describe('programs', () => {
  it('are looked for on the path, and named with the way to get them', () => {
    const missing = missingPrograms('/nowhere');
    expect(missing.map((program) => program.name)).toEqual(
      expect.arrayContaining(['chromium', 'firefox-esr', 'WebKitWebDriver', 'xvfb-run', 'promtool', 'initdb']),
    );
    expect(howToInstall(missing)).toMatch(
      /sudo apt-get install chromium firefox-esr webkit2gtk-driver xvfb xauth prometheus .*postgresql/,
    );
  });
});

describe('a child', () => {
  it('answers with its output and code', async () => {
    const result = await run(process.execPath, ['-e', 'console.error("e"); process.exit(3)'], { cwd: '/' });
    expect(result).toMatchObject({ code: 3, output: 'e\n' });
  });

  it('that cannot be started is a failure', async () => {
    const result = await run('/nowhere/x', [], { cwd: '/' });
    expect(result.code).toBe(127);
    expect(result.output).toContain('ENOENT');
  });
});

it('durations read well', () => {
  expect([inWords(12.4), inWords(1234)]).toEqual(['12 ms', '1.2 s']);
});
