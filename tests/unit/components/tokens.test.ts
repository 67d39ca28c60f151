import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');
const css = read('app/globals.css');
const files = globSync('{app,components}/**/*.{ts,tsx}', { cwd: ROOT }).map((file) => [file, read(file)] as const);

/** Where a pattern occurs, as "file: what". */
const found = (pattern: RegExp): string[] =>
  files.flatMap(([file, text]) => [...text.matchAll(pattern)].map(([what]) => `${file}: ${what}`));

test('colours come from app/globals.css alone', () => {
  const stray = found(/(?<!&)#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b|\b(?:rgba?|hsla?|oklch)\(/gi);
  // The browser's own frame can't read tokens: the viewport names the grounds of both themes.
  const grounds = [...css.matchAll(/--bg: (#\w+);/g)].map(([, ground]) => `app/layout.tsx: ${ground}`);
  expect(grounds).toHaveLength(2);
  expect(stray).toEqual(grounds);
});

test('letters have the sizes of the scale', () => {
  expect(found(/(?<![\w-])(?:text|leading)-\[\d[^\]]*\]/g)).toEqual([]);
  const sizes = new Set([...css.matchAll(/--text-(\w+): \d+px;/g)].map(([, size]) => `text-${size}`));
  const named = found(/(?<![\w-])text-(?:\d?xs|sm|base|lg|\d?xl|hero)(?![\w-])/g);
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((each) => !sizes.has(each.split(': ')[1] ?? ''))).toEqual([]);
});

test('the page has the width of its token', () => {
  const [, width] = /--container-page: (\d+px);/.exec(css) ?? [];
  expect(found(/max-w-page\b/g)).not.toEqual([]);
  expect(found(new RegExp(`max-w-\\[${width}\\]`, 'g'))).toEqual([]);
});

test('the kind of a button has the last word about its padding and colours', () => {
  const overruled = /<Button\b[^>]*?className="[^"]*(?<![\w:-])(?:px-|bg-|border-|text-(?!\w+!))[^"]*"/g;
  expect(found(overruled)).toEqual([]);
});
