import { systemClock, type Clock } from '../../kernel/clock.ts';
import { nextRecord } from '../clear-append.ts';
import { createClearBook, type ClearBounds } from '../clear-book.ts';
import type { ClearSource } from '../clear-record.ts';

const BOUNDS: ClearBounds = { names: 50_000, patterns: 10_000 };

/** A clear log in this thread's memory, where nothing outlives the process. Its ids are its numbers. */
export function createMemoryClears({
  names = BOUNDS.names,
  patterns = BOUNDS.patterns,
  clock = systemClock,
}: Partial<ClearBounds> & { clock?: Pick<Clock, 'wall'> } = {}): ClearSource {
  const book = createClearBook({ names, patterns });
  return {
    head: () => book.head,
    since: (number) => Promise.resolve(book.news(number)),
    async append(draft) {
      const record = nextRecord(book, draft, String(book.head.number + 1), clock.wall());
      if (record.number > book.head.number) book.add(record);
      return record;
    },
  };
}
