import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSuite, type Kind, type Outcome } from './suite.ts';

/* The public suite against the real gateway; docs/conformance.md says why each test that isn't passed isn't. */
const ROOT = resolve(import.meta.dirname, '../..');
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
  const text = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] as string).sort();
}

describe('the public suite of HTTP cache tests', () => {
  it('was run as a whole', () => {
    expect([of('required').length, of('optimal').length]).toEqual([165, 95]);
  });

  it('fails in what is explained, and in nothing else', () => {
    expect([...failed('required'), ...failed('optimal')].sort()).toEqual(explained());
  });
});
