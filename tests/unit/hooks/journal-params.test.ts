import { describe, expect, test } from 'vitest';
import {
  ANY_ENTRY,
  formatJournal,
  isAnyEntry,
  journalQuery,
  parseJournal,
  type JournalLook,
} from '@/hooks/journal-params';
import { journalQuerySchema } from '@/lib/contracts/journal';
import { leastRole, refusalOf } from '@/hooks/permit';

const NOW = Date.parse('2026-11-28T10:00:00Z');

describe('what is looked at in the journal', () => {
  test('is in the address, and the rest of that stays', () => {
    const look: JournalLook = {
      text: 'chat:42',
      kind: 'command',
      outcome: 'failed',
      actor: 'person:mara',
      span: 'own',
      from: NOW - 1_000,
      to: null,
    };
    const params = new URLSearchParams('tab=journal&from=now-15m&to=now');
    formatJournal(params, look);
    expect(parseJournal(params)).toEqual(look);
    formatJournal(params, ANY_ENTRY);
    expect(params.toString()).toBe('tab=journal&from=now-15m&to=now');
  });

  test('is the usual where the address makes no sense', () => {
    expect(parseJournal(new URLSearchParams('journal-kind=x&journal-outcome=x&journal-time=x&journal-from=x'))).toEqual(
      ANY_ENTRY,
    );
  });

  test('is asked for by the contract', () => {
    expect(journalQuery(ANY_ENTRY, NOW).toString()).toBe(`from=${NOW - 86_400_000}`);
    expect(
      journalQuery(
        { ...ANY_ENTRY, span: 'all', text: ' chat:42 ', kind: 'gap', outcome: 'done', actor: 'engine' },
        NOW,
      ),
    ).toEqual(new URLSearchParams({ text: 'chat:42', kind: 'gap', outcome: 'done', actor: 'engine' }));
    // The table says "Cleared": so do those who look for it.
    expect(journalQuery({ ...ANY_ENTRY, span: 'all', text: 'CLEARED' }, NOW).get('named')).toBe('clearCache');
    expect(journalQuery({ ...ANY_ENTRY, span: 'all', text: 'no such words' }, NOW).has('named')).toBe(false);
    // A letter that most of the words have: their ids fit into the contract.
    const most = journalQuery({ ...ANY_ENTRY, span: 'all', text: 'e' }, NOW);
    expect(journalQuerySchema.parse(Object.fromEntries(most)).named).toContain('clearCache');
    expect(journalQuery({ ...ANY_ENTRY, span: 'own', from: 1, to: 2 }, NOW).toString()).toBe('from=1&to=2');
    expect(isAnyEntry({ ...ANY_ENTRY, span: 'all' })).toBe(true);
    expect(isAnyEntry({ ...ANY_ENTRY, text: 'x' })).toBe(false);
  });
});

test('a refusal names the least role that may', () => {
  expect(leastRole('look')).toBe('viewer');
  expect(refusalOf('clear')).toBe('Needs the role operator');
  expect(refusalOf('people')).toBe('Needs the role admin');
});
