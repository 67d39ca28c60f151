import { createClearBook, type ClearBook, type ClearBounds } from './clear-book.ts';
import { createClearIndex, type Clearable, type ClearIndex, type Verdict } from './clear-index.ts';
import type { ClearMode, ClearNews, ClearRecord, ClearScope, FoldedClear } from './clear-record.ts';
import { isClear, type Clear } from './clear-scope.ts';
import { endOfSlice, type Slices } from './clear-slice.ts';

export type { Clearable, Verdict } from './clear-index.ts';

/** What clears an entry. */
export interface Clearing {
  readonly mode: ClearMode;
  readonly number: number;
  /** folded: past the log's bound, into one clear of its service; ahead: the entry comes from an instance that knows more. */
  readonly scope: ClearScope | 'folded' | 'ahead';
}

/** The clear log as one gateway has followed it: synchronous, in memory. */
export interface ClearLog {
  /** Number up to which every clear takes effect here; 0 before the first. While it stands still, no verdict changes. */
  readonly head: number;
  /** Id of the record with that number. */
  readonly id: string;
  /** Times that records were folded into a clear of their service, or of everything. */
  readonly folded: number;
  /**
   * What the log says of an entry: the strongest clear that matches it, isn't voided, and has a number above its
   * `clearNumber`. Notes in `tested` that it was found live, and remembers a soft one until
   * the log changes. An entry with a number above `head` comes from an instance
   * that knows more: it's stale until this one knows as much.
   */
  verdict(entry: Clearable): Verdict;
  /** What makes the verdict, and notes nothing; undefined: live. */
  clearing(entry: Clearable): Clearing | undefined;
  /**
   * Whether a clear above `number` may match what is fetched for `url`. What an answer's tags and service will be isn't
   * known: every clear of a tag or service counts.
   */
  overtakes(url: string, number: number): boolean;
  /** Whether `news` goes on where this log ends, with nothing left out; else it takes the whole log to catch up. */
  continues(news: ClearNews): boolean;
  /**
   * Takes over what follows; records that are known already are passed over. `head` moves with each slice, as far as
   * that goes.
   */
  apply(news: ClearNews): Slices;
  /**
   * Forgets everything, and takes over a whole log, whose head may not be lower, all of it with the last slice: until
   * then what is known goes on to count. Nothing else may be taken over meanwhile.
   */
  replace(news: ClearNews): Slices;
}

export interface ClearLogOptions {
  /** Past which the oldest clears fold, as in the log that is followed: of keys and tags, of prefixes and globs. */
  readonly maxNames: number;
  readonly maxPatterns: number;
  /** Most records that are taken over without a pause. */
  readonly sliceRecords?: number;
  /** Under which URL the answer to a request for a URL is stored, where a policy spells it otherwise. */
  readonly storedAs?: (url: string) => string;
}

export function createClearLog({ maxNames, maxPatterns, sliceRecords, storedAs }: ClearLogOptions): ClearLog {
  return new FollowedLog({ names: maxNames, patterns: maxPatterns }, sliceRecords, storedAs);
}

class FollowedLog implements ClearLog {
  readonly #bounds: ClearBounds;
  readonly #sliceRecords: number | undefined;
  readonly #storedAs: ClearLogOptions['storedAs'];
  #book: ClearBook;
  #index: ClearIndex;
  #folds: readonly FoldedClear[] = [];
  /** Found soft since the log last changed. */
  #soft = new WeakSet<Clearable>();
  /** A plain field: read with every hit. */
  head = 0;
  id = '';
  folded = 0;

  constructor(bounds: ClearBounds, sliceRecords?: number, storedAs?: ClearLogOptions['storedAs']) {
    this.#bounds = bounds;
    this.#sliceRecords = sliceRecords;
    this.#storedAs = storedAs;
    this.#book = createClearBook(bounds);
    this.#index = createClearIndex(storedAs);
  }

  verdict(entry: Clearable): Verdict {
    return entry.tested === this.head ? 'live' : this.#judge(entry);
  }

  #judge(entry: Clearable): Verdict {
    if (entry.clearNumber > this.head) return 'soft';
    if (this.#soft.has(entry)) return 'soft';
    const from = Math.max(entry.clearNumber, entry.tested);
    const verdict = this.#strongest(entry, from)?.mode ?? 'live';
    if (verdict === 'live') entry.tested = this.head;
    else if (verdict === 'soft') this.#soft.add(entry);
    return verdict;
  }

  clearing(entry: Clearable): Clearing | undefined {
    const { clearNumber } = entry;
    if (clearNumber > this.head) return { mode: 'soft', number: clearNumber, scope: 'ahead' };
    const found = this.#strongest(entry, clearNumber);
    if (found === undefined) return undefined;
    return { mode: found.mode, number: found.number, scope: 'scope' in found ? found.scope : 'folded' };
  }

  #strongest(entry: Clearable, from: number): Clear | FoldedClear | undefined {
    const fold = this.#strongestFold(entry.service, from);
    return fold?.mode === 'hard' ? fold : (this.#index.strongest(entry, from) ?? fold);
  }

  #strongestFold(service: string, from: number): FoldedClear | undefined {
    let found: FoldedClear | undefined;
    for (const fold of this.#folds) {
      if (fold.number <= from || (fold.service !== undefined && fold.service !== service)) continue;
      if (fold.mode === 'hard') return fold;
      found = fold;
    }
    return found;
  }

  overtakes(url: string, number: number): boolean {
    if (number >= this.head) return false;
    return this.#folds.some((fold) => fold.number > number) || this.#index.touches(url, number);
  }

  continues({ head, records }: ClearNews): boolean {
    const behind = head.number - this.head;
    return behind === 0 ? head.id === this.id : behind > 0 && records.length === behind;
  }

  *apply({ head, folded, records }: ClearNews): Slices {
    const [book, index] = [this.#book, this.#index];
    let known = book.folds;
    book.fold(folded);
    const settle = (): void => {
      if (book.folds > known || book.head.number > this.head) this.#soft = new WeakSet();
      if (book.folds > known) this.#folds = book.folded();
      this.folded += book.folds - known;
      known = book.folds;
      this.id = book.head.id;
      this.head = book.head.number;
    };
    for (const slice of add(book, index, records, this.#sliceRecords)) {
      settle();
      yield slice;
    }
    if (head.number > book.head.number) book.jump(head);
    settle();
  }

  *replace(news: ClearNews): Slices {
    const book = createClearBook(this.#bounds);
    const index = createClearIndex(this.#storedAs);
    book.fold(news.folded);
    yield* add(book, index, news.records, this.#sliceRecords);
    if (news.head.number > book.head.number) book.jump(news.head);
    this.#book = book;
    this.#index = index;
    this.#soft = new WeakSet();
    this.#folds = book.folded();
    this.folded += book.folds;
    this.id = book.head.id;
    this.head = book.head.number;
  }
}

/** Takes records above the book's head into both. */
function* add(book: ClearBook, index: ClearIndex, records: readonly ClearRecord[], most?: number): Slices {
  let end = endOfSlice(records, 0, most);
  for (let at = 0; at < records.length; at++) {
    if (at === end) {
      yield;
      end = endOfSlice(records, at, most);
    }
    const record = records[at] as ClearRecord;
    if (record.number <= book.head.number) continue;
    const { dropped } = book.add(record);
    for (const old of dropped) if (isClear(old)) index.drop(old);
    if (!isClear(record)) {
      const target = book.find(record.voids);
      if (target !== undefined && isClear(target)) index.drop(target);
    } else if (book.voidOf(record.id) === undefined) index.add(record);
  }
}
