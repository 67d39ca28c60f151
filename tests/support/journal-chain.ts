import { chained, ROOT, type JournalHead, type JournalRecord, type RecordDraft } from '../../lib/journal/record.ts';

export const KEY = Buffer.alloc(32, 7);

/** A record without a place. */
export function sampleDraft(change: Partial<RecordDraft> = {}): RecordDraft {
  return {
    at: 1_700_000_000_000,
    kind: 'event',
    action: 'openBreaker',
    actor: 'engine',
    subject: null,
    target: 'shop',
    of: null,
    outcome: null,
    requestId: null,
    detail: JSON.stringify({ before: 'closed', after: 'open' }),
    ...change,
  };
}

/** A chain of them. */
export function chainOf(
  drafts: readonly Partial<RecordDraft>[],
  from: JournalHead = { chain: 'one:a', number: 0, mac: ROOT },
): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const draft of drafts) records.push(chained(KEY, records.at(-1) ?? from, sampleDraft(draft)));
  return records;
}
