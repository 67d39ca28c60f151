import { nextRecord } from '../../lib/cache/clear-append.ts';
import { createClearBook, type ClearBook, type ClearBounds } from '../../lib/cache/clear-book.ts';
import type { ClearNews } from '../../lib/cache/clear-record.ts';
import type { RemoteLog } from '../../lib/cache/clear-sources/remote-log.ts';

/** A remote clear log in memory that loses records when it's told to: what Redis does, in one thread. */
export interface LosingLog extends RemoteLog {
  readonly book: ClearBook;
  /** Mendings that changed something. */
  readonly mendings: number;
  /** What it holds now, for `roll`. */
  save(): ClearNews;
  /** Goes back to what it was; without an argument, to nothing. */
  roll(to?: ClearNews): void;
}

/** @param page records in one answer, small so that paging is seen */
export function losingLog(bounds: ClearBounds, wall: () => number, page = 2): LosingLog {
  let book = createClearBook(bounds);
  let floor = 0;
  let mendedFrom = 0;
  let ids = 0;
  let mendings = 0;

  function add(record: Parameters<ClearBook['add']>[0]): void {
    for (const { number } of book.add(record).dropped) floor = Math.max(floor, number);
  }

  function rebuild({ head, folded, records }: ClearNews): void {
    book = createClearBook(bounds);
    book.fold(folded);
    for (const record of records) add(record);
    if (head.number > book.head.number) book.jump(head);
  }

  return {
    get book() {
      return book;
    },
    get mendings() {
      return mendings;
    },
    save: () => book.news(0),
    roll(to = { head: { number: 0, id: '' }, folded: [], records: [] }) {
      floor = Math.min(floor, to.head.number);
      if (mendedFrom > to.head.number) mendedFrom = 0;
      rebuild(to);
    },
    head: async () => book.head,
    async since({ number, id }) {
      const known = book.find(id);
      const isTrimmed = known === undefined && number <= floor && number > mendedFrom;
      const linked = number === 0 || known?.number === number || isTrimmed || isEnd(book, number, id);
      const news = book.news(number);
      const records = news.records.slice(0, page);
      return { linked, news: { ...news, records }, floor, more: records.length < news.records.length };
    },
    async append(draft) {
      const record = nextRecord(book, draft, `id${++ids}`, wall());
      if (record.number > book.head.number) add(record);
      return record;
    },
    async mend({ expected, ancestor, above, jump, folded, records }) {
      if (expected !== undefined) {
        if (!isEnd(book, expected.number, expected.id)) return false;
        mendings++;
        const after = book.since(ancestor);
        const parted = after.some(({ number }) => number <= above);
        const base = Math.max(book.head.number, above) + jump;
        mendedFrom = base;
        const again = parted ? after.map((record, i) => ({ ...record, number: base + 1 + i })) : [];
        const kept = parted ? book.since(0).filter(({ number }) => number <= ancestor) : book.since(0);
        const end = again.at(-1) ?? { number: base, id: `jump${++ids}` };
        rebuild({ head: { number: end.number, id: end.id }, folded: book.folded(), records: [...kept, ...again] });
        book.fold(folded.map((fold) => ({ ...fold, number: book.head.number })));
      }
      for (const record of records) {
        const isKnown = book.find(record.id) !== undefined;
        const isVain =
          'voids' in record && (book.find(record.voids) === undefined || book.voidOf(record.voids) !== undefined);
        if (!isKnown && !isVain) add({ ...record, number: book.head.number + 1 });
      }
      return true;
    },
  };
}

function isEnd({ head }: ClearBook, number: number, id: string): boolean {
  return head.number === number && head.id === id;
}
