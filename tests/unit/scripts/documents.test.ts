import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_STATUS } from '../../../lib/kernel/errors.ts';

const root = join(import.meta.dirname, '../../..');
const documents = ['CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

describe.each(documents)('$path', ({ path, text }) => {
  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...text.matchAll(/\bnpm (?:run )?(start|test|dev|verify|bench|replay|sample)\b/g)].map(
      ([, name]) => name,
    );
    const other = [...text.matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name]) => name);
    expect([...named, ...other].filter((name) => !(String(name) in scripts))).toEqual([]);
  });
});

it('troubleshooting gives codes the status that the product gives them', () => {
  const text = documents.find(({ path }) => path === 'docs/troubleshooting.md')?.text ?? '';
  const rows = [...text.matchAll(/^\| (\d{3}[^|]*)\|([^|]*)\|/gm)];
  expect(rows.length).toBeGreaterThan(5);
  for (const [, statuses, codes] of rows) {
    const known = [...(codes ?? '').matchAll(/`([a-z_]+)`/g)].map(
      ([, code]) => ERROR_STATUS[code as keyof typeof ERROR_STATUS],
    );
    const told = (statuses ?? '').split(',').map(Number);
    expect([codes, new Set(known)]).toEqual([codes, new Set(told)]);
  }
});
