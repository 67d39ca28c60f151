import { PitwallError } from '../../kernel/errors.ts';
import { createClearBook, type ClearBook, type ClearBounds } from '../clear-book.ts';
import type { ClearHead, ClearRecord, ClearSource } from '../clear-record.ts';
import { endOfSlice } from '../clear-slice.ts';
import { MEND_JUMP, type RemoteLog } from './remote-log.ts';

/** Records written here that wait to be read back, at most; who only writes relies on those who read. */
export const MAX_UNSEEN = 1_000;
/** How often a mending begins anew because the log moved under it. */
const ATTEMPTS = 5;

/**
 * A remote log as a clear source that nothing gets lost from while one instance lives that knew it: it keeps what it
 * has read and written, and when the remote log turns out not to have it any more, says it there again, under numbers
 * above everything that either side has seen. Ids stay, so that several instances that mend say nothing twice.
 */
export function createSharedClears(
  remote: RemoteLog,
  bounds: ClearBounds,
  random: () => number,
  turn: () => Promise<void> = () => new Promise((resolve) => setImmediate(resolve)),
): ClearSource {
  let book = createClearBook(bounds);
  /** Written from here, not yet read back. */
  const unseen = new Map<string, ClearRecord>();
  /** Reading and mending, one after the other. */
  let busy: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = busy.then(act);
    busy = turn.catch(() => undefined);
    return turn;
  }

  /** The whole log; undefined if it was mended meanwhile. */
  async function readWhole(): Promise<{ whole: ClearBook; floor: number } | undefined> {
    const whole = createClearBook(bounds);
    for (;;) {
      const { linked, news, floor, more } = await remote.since(whole.head);
      if (!linked) return undefined;
      whole.fold(news.folded);
      for (const record of news.records) whole.add(record);
      if (more) continue;
      if (whole.head.number < news.head.number) whole.jump(news.head);
      return { whole, floor };
    }
  }

  /** Catches up with the log, or mends it. */
  async function pull(): Promise<void> {
    const written = [...unseen.values()];
    const { linked, news, floor, more } = await remote.since(book.head);
    const behind = news.head.number - book.head.number;
    if (!linked || behind < 0) return mend();
    if (more || news.records.length !== behind) {
      // Something below was said again or folded: the whole log tells what.
      const read = await readWhole();
      if (read === undefined || read.whole.head.number < book.head.number) throw lost();
      book = read.whole;
    } else {
      book.fold(news.folded);
      for (const record of news.records) book.add(record);
    }
    if (written.some(({ id, number }) => number > floor && book.find(id) === undefined)) return mend();
    for (const { id } of written) unseen.delete(id);
  }

  async function mend(): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const read = await readWhole();
      if (read === undefined) continue;
      const { whole, floor } = read;
      const written = [...unseen.values()].filter(({ id }) => book.find(id) === undefined);
      // Each of these looks at every record: others have a turn in between.
      const readBefore = book.since(0);
      await turn();
      const above = Math.max(book.head.number, ...written.map(({ number }) => number));
      const unsaid = written.filter(({ id, number }) => number > floor && whole.find(id) === undefined);
      const shared = readBefore.findLast(({ id, number }) => whole.find(id)?.number === number)?.number ?? 0;
      await turn();
      // What was read after a loss isn't common ground, though both sides have it.
      const ancestor = Math.min(shared, ...unsaid.map(({ number }) => number - 1));
      const missing = [
        ...readBefore.filter(({ id, number }) => number > ancestor && whole.find(id) === undefined),
        ...unsaid,
      ];
      await turn();
      const parted = whole.head.number < above || whole.since(ancestor).some(({ number }) => number <= above);
      if (missing.length > 0 || parted) {
        const folded = book.folded().filter(({ number }) => number > ancestor);
        const jump = MEND_JUMP + Math.floor(random() * MEND_JUMP);
        let end = endOfSlice(missing, 0);
        const first = { expected: whole.head, ancestor, above, jump, folded, records: missing.slice(0, end) };
        if (!(await remote.mend(first))) continue;
        for (let at = end; at < missing.length; at = end) {
          end = endOfSlice(missing, at);
          await remote.mend({ ...first, expected: undefined, folded: [], records: missing.slice(at, end) });
        }
      }
      const mended = missing.length > 0 || parted ? (await readWhole())?.whole : whole;
      if (mended === undefined || mended.head.number < above) continue;
      for (const { id } of written) unseen.delete(id);
      book = mended;
      return;
    }
    throw lost();
  }

  return {
    async head() {
      const known = book.head;
      const written = [...unseen.values()];
      const head = await remote.head();
      // What was written here and not read yet lies between what was read and the head.
      const isWhole = written.every(({ number }) => number > known.number && number <= head.number);
      if (isWhole && (head.number > known.number || isSame(head, known))) return head;
      await inTurn(mend);
      return book.head;
    },
    since: (number) =>
      inTurn(async () => {
        await pull();
        return book.news(number);
      }),
    async append(draft) {
      const record = await remote.append(draft);
      if (book.find(record.id) === undefined) unseen.set(record.id, record);
      if (unseen.size > MAX_UNSEEN) unseen.delete(unseen.keys().next().value as string);
      return record;
    },
  };
}

function isSame(one: ClearHead, other: ClearHead): boolean {
  return one.number === other.number && one.id === other.id;
}

function lost(): PitwallError {
  return new PitwallError('storage_unavailable', 'The clear log has lost records, and is being mended.');
}
