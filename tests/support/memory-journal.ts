import { PitwallError } from '../../lib/kernel/errors.ts';
import { readPrevious } from '../../lib/journal/detail.ts';
import type { JournalArchive, JournalStore } from '../../lib/journal/journal-store.ts';
import {
  emailsOf,
  STRANGER,
  type JournalHead,
  type JournalRecord,
  type JournalSubject,
} from '../../lib/journal/record.ts';
import { foldJournal } from './journal-fold.ts';

export interface MemoryJournal extends JournalStore, JournalArchive {
  records: JournalRecord[];
  subjects: JournalSubject[];
  /** Appends so far, and what goes wrong: `before` nothing is kept, `after` it is kept and nobody is told. */
  appends: number;
  fails: 'before' | 'after' | undefined;
}

/** The journal in memory. */
export function memoryJournal(): MemoryJournal {
  const names = (journal: MemoryJournal): string[] => [...new Set(journal.records.map(({ chain }) => chain))];
  const chainOf = (journal: MemoryJournal, chain: string): JournalRecord[] =>
    journal.records.filter((record) => record.chain === chain).sort((a, b) => a.number - b.number);
  const headOf = ({ chain, number, mac }: JournalRecord): JournalHead => ({ chain, number, mac });
  const away = (): PitwallError => new PitwallError('storage_unavailable', 'The database is away.');

  const journal: MemoryJournal = {
    records: [],
    subjects: [],
    appends: 0,
    fails: undefined,
    async append(records, subjects) {
      journal.appends += 1;
      await Promise.resolve();
      if (journal.fails === 'before') throw away();
      const there = new Map(journal.records.map((record) => [`${record.number} ${record.chain}`, record.mac]));
      const fresh = records.filter((record) => !there.has(`${record.number} ${record.chain}`));
      if (records.some(({ number, chain, mac }) => (there.get(`${number} ${chain}`) ?? mac) !== mac))
        throw new PitwallError('conflict', 'It holds another record.');
      journal.records.push(...fresh);
      const known = new Set(journal.subjects.map(({ id }) => id));
      journal.subjects.push(...subjects.filter(({ id }) => !known.has(id)));
      if (journal.fails === 'after') throw away();
    },
    async page({ limit, after, ...filter }) {
      const all = foldJournal(journal.records, journal.subjects, filter);
      const start = Number(after ?? 0);
      const next = start + limit < all.length ? String(start + limit) : null;
      return { entries: all.slice(start, start + limit), next };
    },
    async erase(actor, email) {
      const own = journal.subjects.filter((subject) => subject.actor === actor);
      const emails = emailsOf([...own.map(({ name }) => name), email ?? null]);
      const mine = journal.subjects.filter(
        (subject) =>
          subject.actor === actor || (subject.actor === STRANGER && emails.has((subject.name ?? '').toLowerCase())),
      );
      const blank = { name: null, address: null, agent: null };
      journal.subjects = journal.subjects.map((subject) =>
        mine.includes(subject) ? { ...subject, ...blank } : subject,
      );
      return mine.length;
    },
    async last(instance) {
      if (journal.fails === 'before') throw away();
      const mine = journal.records.filter(({ chain }) => chain.replace(/:[^:]*$/, '') === instance);
      const newest = mine.sort((a, b) => a.at - b.at || a.number - b.number).at(-1);
      const end = newest && chainOf(journal, newest.chain).at(-1);
      return end === undefined ? null : { ...headOf(end), closed: end.kind === 'closed' };
    },
    async chains() {
      return names(journal).map((chain) => {
        const records = chainOf(journal, chain);
        const [first, last] = [records[0]!, records.at(-1)!];
        const previous = first.kind === 'opened' ? readPrevious(first) : null;
        return { first: first.number, head: headOf(last), previous };
      });
    },
    async read(chain, after, limit) {
      const records = chainOf(journal, chain)
        .filter(({ number }) => number > after)
        .slice(0, limit);
      const ids = new Set(records.map(({ subject }) => subject));
      return { records, subjects: journal.subjects.filter(({ id }) => ids.has(id)) };
    },
    async prunable({ before, keep }) {
      const newest = journal.records.map(({ at }) => at).sort((a, b) => b - a);
      const edge = Math.max(before, keep === undefined ? before : (newest[keep - 1] ?? before));
      const cuts = names(journal).flatMap((chain) => {
        const records = chainOf(journal, chain);
        const stays = records.findIndex(({ at }) => at >= edge);
        const last = (stays === -1 ? records : records.slice(0, stays)).at(-1);
        return last === undefined ? [] : headOf(last);
      });
      return { cuts, checkpoints: journal.records.filter(({ kind }) => kind === 'checkpoint'), more: false };
    },
    async prune(cuts, before) {
      const ends = new Map(cuts.map(({ chain, number }) => [chain, number]));
      const stays = journal.records.filter(({ chain, number }) => number > (ends.get(chain) ?? 0));
      const dropped = journal.records.length - stays.length;
      journal.records = stays;
      const used = new Set(stays.map(({ subject }) => subject));
      journal.subjects = journal.subjects.filter(({ id, at }) => at >= (before ?? 0) || used.has(id));
      return dropped;
    },
  };
  return journal;
}
