import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSuite, type Kind, type Outcome } from './suite.ts';

/* The public suite against the real gateway; docs/conformance.md says why each test that isn't passed isn't. */
const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENT = join(ROOT, 'docs/conformance.md');
let outcomes: readonly Outcome[];

beforeAll(async () => {
  outcomes = await runSuite();
  const reports = join(ROOT, '.pitwall/reports');
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, 'conformance-outcomes.json'), JSON.stringify(outcomes, null, 2));
}, 180_000);

const of = (kind: Kind): readonly Outcome[] => outcomes.filter((outcome) => outcome.kind === kind);
const failed = (kind: Kind): string[] =>
  of(kind)
    .filter(({ passed }) => !passed)
    .map(({ id }) => id)
    .sort();

/** The tests that docs/conformance.md gives a reason for: the first cell of each row. */
function explained(): string[] {
  const text = readFileSync(DOCUMENT, 'utf8');
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] as string).sort();
}

/** The score as a table, by the kinds that count. */
function score(): string {
  const rows = (['required', 'optimal'] as const).map((kind) => [
    kind,
    of(kind).length - failed(kind).length,
    of(kind).length,
  ]);
  return [['kind', 'passed', 'of'], ['-', '-', '-'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

describe('the public suite of HTTP cache tests', () => {
  it('was run as a whole', () => {
    expect([of('required').length, of('optimal').length]).toEqual([165, 95]);
  });

  it('fails in what is explained, and in nothing else', () => {
    expect([...failed('required'), ...failed('optimal')].sort()).toEqual(explained());
  });

  // `npx vitest run --project conformance -u` writes it anew.
  it('has the score that the document says', async () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    const block = /<!-- score -->[^]*<!-- \/score -->/;
    expect(text).toMatch(block);
    const told = text.replace(block, () => `<!-- score -->\n\n${score()}\n\n<!-- /score -->`);
    await expect(await format(told, { parser: 'markdown', printWidth: 120 })).toMatchFileSnapshot(DOCUMENT);
  });
});
