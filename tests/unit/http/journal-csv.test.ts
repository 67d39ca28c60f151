import { expect, it } from 'vitest';
import type { JournalEntry } from '@/lib/contracts/journal';
import { journalCsv } from '@/lib/http/journal-csv';

const entry: JournalEntry = {
  chain: 'one:a',
  number: 7,
  at: 0,
  kind: 'command',
  action: 'clearCache',
  actor: 'person:1',
  who: '=Ada "A"',
  from: null,
  target: 'tag x, y',
  outcome: 'done',
  requestId: null,
  before: null,
  after: { n: -1 },
  error: null,
  tookMs: -1.5,
};

const HEAD = 'at,kind,action,actor,who,from,target,outcome,error,tookMs,requestId,before,after,chain,number';
const ROW = `1970-01-01T00:00:00.000Z,command,clearCache,person:1,"'=Ada ""A""",,"tag x, y",done,,-1.5,,,"{""n"":-1}",one:a,7`;

it('has a row for each entry, and none that a spreadsheet would run', () => {
  expect(journalCsv({ entries: [entry], more: false })).toBe(`${HEAD}\r\n${ROW}\r\n`);
});

it('says in a last row, as wide as the others, that it is cut', () => {
  const lines = journalCsv({ entries: [entry], more: true }).split('\r\n');
  expect(lines[2]).toBe(`Cut here: there may be older entries. Narrow the time and download again.${','.repeat(14)}`);
  expect(lines.slice(3)).toEqual(['']);
});
