import type { JournalEntry, JournalFilter } from '../../lib/contracts/journal.ts';
import type { JournalRecord, JournalSubject } from '../../lib/journal/record.ts';

const SHOWN = ['command', 'event', 'opened', 'closed', 'gap'];

/** What people see of raw records, made without a database, newest first: what every page is compared with. */
export function foldJournal(
  records: readonly JournalRecord[],
  subjects: readonly JournalSubject[],
  {
    text,
    named = '',
    kind,
    outcome,
    actor,
    actions,
    from,
    to,
  }: JournalFilter & { readonly actions?: readonly string[] } = {},
): JournalEntry[] {
  const ends = new Map(
    records.filter((record) => record.kind === 'outcome').map((record) => [`${record.of} ${record.chain}`, record]),
  );
  const people = new Map(subjects.map((subject) => [subject.id, subject]));
  const entries = records
    .filter((record) => SHOWN.includes(record.kind))
    .map((record): JournalEntry => {
      const person = people.get(record.subject ?? '');
      const said = JSON.parse(record.detail) as { before?: unknown; after?: unknown };
      const end = record.kind === 'command' ? ends.get(`${record.number} ${record.chain}`) : undefined;
      const ended = JSON.parse(end?.detail ?? '{}') as { after?: unknown; error?: string; tookMs?: number };
      return {
        chain: record.chain,
        number: record.number,
        at: record.at,
        kind: record.kind as JournalEntry['kind'],
        action: record.action,
        actor: record.actor,
        who: person?.name ?? null,
        from: person?.address ?? null,
        target: record.target,
        outcome: record.kind === 'command' ? (end?.outcome ?? 'pending') : null,
        requestId: record.requestId,
        before: said.before ?? null,
        after: ended.after ?? said.after ?? null,
        error: ended.error ?? null,
        tookMs: ended.tookMs ?? null,
      };
    });
  const holds = (found: string | null): boolean => (found ?? '').toLowerCase().includes((text ?? '').toLowerCase());
  return entries
    .filter(
      (entry) =>
        (text === undefined ||
          named.split(',').includes(entry.action) ||
          holds(entry.action) ||
          holds(entry.target) ||
          holds(entry.who) ||
          holds(entry.requestId)) &&
        (kind === undefined || entry.kind === kind) &&
        (outcome === undefined || entry.outcome === outcome) &&
        (actions === undefined || actions.includes(entry.action)) &&
        (actor === undefined || entry.actor === actor) &&
        (from === undefined || entry.at >= from) &&
        (to === undefined || entry.at < to),
    )
    .sort((a, b) => b.at - a.at || compare(b.chain, a.chain) || b.number - a.number);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
