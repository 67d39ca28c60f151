import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_BUILD, PHASE_PRODUCTION_SERVER } from 'next/constants.js';
import { expect, test } from 'vitest';
import configOf from '../../../next.config.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (pattern: string): string =>
  globSync(pattern, { cwd: ROOT })
    .map((file) => readFileSync(resolve(ROOT, file), 'utf8'))
    .join('\n');

const gallery = read('app/(dev)/gallery/*.tsx');
const pages = read('{app/(console)/**,components/!(ui|charts)/**}/*.tsx');

/** Components that a folder of primitives exports. */
const exported = (folder: string): string[] =>
  [...read(`components/${folder}/*.tsx`).matchAll(/^export (?:function|const) ([A-Z][a-z]\w*)/gm)].flatMap(
    (match) => match[1] ?? [],
  );

const isRendered = (name: string, source: string): boolean => new RegExp(`<${name}[\\s/>]`).test(source);

test.each(['ui', 'charts'])('the gallery shows every component of components/%s', (folder) => {
  const names = exported(folder);
  expect(names.length).toBeGreaterThan(3);
  // What no page uses by itself is a part of one that is shown.
  expect(names.filter((name) => !isRendered(name, gallery) && isRendered(name, pages))).toEqual([]);
});

test('only development knows pages named page.dev.tsx', () => {
  expect(configOf(PHASE_DEVELOPMENT_SERVER).pageExtensions).toContain('dev.tsx');
  for (const phase of [PHASE_PRODUCTION_BUILD, PHASE_PRODUCTION_SERVER]) {
    expect(configOf(phase).pageExtensions).toEqual(['tsx', 'ts']);
  }
  expect(globSync('app/(dev)/**/page.*', { cwd: ROOT }).every((file) => file.endsWith('/page.dev.tsx'))).toBe(true);
});
