import type { ClearHead, ClearNews, ClearRecord, FoldedClear } from './clear-record.ts';
import { isClear, isPattern, serviceOf, type Clear } from './clear-scope.ts';

/** How many clears are kept one by one. */
export interface ClearBounds {
  /** Of keys, tags, services and everything. */
  readonly names: number;
  /** Of prefixes and globs. */
  readonly patterns: number;
}

/** Most services that folded clears name one by one; past it they fold into clears of everything. */
export const MAX_FOLDED_SERVICES = 1_000;

/** What a record changed. */
export interface BookChange {
  /** Records that are no longer kept: voided and old, folded, or said again under a higher number. */
  readonly dropped: readonly ClearRecord[];
  /** Folded clears whose number grew. */
  readonly raised: readonly FoldedClear[];
}

/**
 * The clears of a log, within their bounds. Past a bound the oldest of the kind folds into one clear of its service, or
 * of everything where it names none, of its own mode: more is cleared than was asked for, never less. A voided one
 * leaves without a trace, and the record that voids it with it. Sources and followers keep theirs by this one rule.
 */
export interface ClearBook {
  readonly head: ClearHead;
  /** How often a folded clear's number grew. */
  readonly folds: number;
  /** Takes a record with a number above the head's. */
  add(record: ClearRecord): BookChange;
  /** Takes over folded clears of another book of the same log. */
  fold(folded: readonly FoldedClear[]): readonly FoldedClear[];
  /** Moves the head where the log was repaired: its numbers go on from there. */
  jump(head: ClearHead): void;
  find(id: string): ClearRecord | undefined;
  /** The record that voids the clear with this id. */
  voidOf(id: string): ClearRecord | undefined;
  folded(): FoldedClear[];
  /** The kept records above `number`, in order. */
  since(number: number): ClearRecord[];
  news(number: number): ClearNews;
}

/** Clears of a kind that are kept. */
interface Kept {
  readonly most: number;
  readonly clears: Set<Clear>;
  /**
   * One for all time: what it gives has to leave at once. A new one would first pass over the places of all who left,
   * tens of thousands at times.
   */
  readonly oldestFirst: Iterator<Clear>;
}

function createKept(most: number): Kept {
  const clears = new Set<Clear>();
  return { most, clears, oldestFirst: clears.values() };
}

export function createClearBook({ names, patterns }: ClearBounds): ClearBook {
  const byId = new Map<string, ClearRecord>();
  const byNumber = new Map<number, ClearRecord>();
  const kept = { names: createKept(names), patterns: createKept(patterns) };
  /** Ids of the records that void, by the ids of those voided. */
  const voids = new Map<string, string>();
  const folds = new Map<string, FoldedClear>();
  let head: ClearHead = { number: 0, id: '' };
  let raises = 0;

  function raise(clear: FoldedClear, raised: FoldedClear[]): void {
    const known = folds.get(nameOf(clear));
    if (known === undefined && clear.service !== undefined && folds.size >= MAX_FOLDED_SERVICES) {
      raise({ ...clear, service: undefined }, raised);
      return;
    }
    if (known !== undefined && known.number >= clear.number) return;
    folds.set(nameOf(clear), clear);
    raises++;
    raised.push(clear);
  }

  function forget(record: ClearRecord, dropped: ClearRecord[]): void {
    byId.delete(record.id);
    byNumber.delete(record.number);
    dropped.push(record);
    if (isClear(record)) kept[isPattern(record) ? 'patterns' : 'names'].clears.delete(record);
  }

  function trim({ clears, most, oldestFirst }: Kept, dropped: ClearRecord[], raised: FoldedClear[]): void {
    while (clears.size > most) {
      const oldest = oldestFirst.next().value as Clear;
      const voidId = voids.get(oldest.id);
      forget(oldest, dropped);
      if (voidId === undefined) {
        raise({ service: serviceOf(oldest.scope), mode: oldest.mode, number: oldest.number }, raised);
      } else {
        voids.delete(oldest.id);
        forget(byId.get(voidId) as ClearRecord, dropped);
      }
    }
  }

  function since(number: number): ClearRecord[] {
    if (number === 0) return [...byNumber.values()];
    const found: ClearRecord[] = [];
    if (head.number - number > byNumber.size) {
      for (const record of byNumber.values()) if (record.number > number) found.push(record);
      return found;
    }
    for (let next = number + 1; next <= head.number; next++) {
      const record = byNumber.get(next);
      if (record !== undefined) found.push(record);
    }
    return found;
  }

  return {
    get head() {
      return head;
    },
    get folds() {
      return raises;
    },
    add(record) {
      const [dropped, raised]: [ClearRecord[], FoldedClear[]] = [[], []];
      head = { number: record.number, id: record.id };
      const before = byId.get(record.id);
      if (before !== undefined) forget(before, dropped);
      if (!isClear(record)) {
        if (!byId.has(record.voids)) return { dropped, raised };
        const other = voids.get(record.voids);
        if (other !== undefined && other !== record.id) return { dropped, raised };
        voids.set(record.voids, record.id);
      }
      byId.set(record.id, record);
      byNumber.set(record.number, record);
      if (isClear(record)) {
        const kind = isPattern(record) ? kept.patterns : kept.names;
        kind.clears.add(record);
        trim(kind, dropped, raised);
      }
      return { dropped, raised };
    },
    fold(folded) {
      const raised: FoldedClear[] = [];
      for (const clear of folded) raise(clear, raised);
      return raised;
    },
    jump(to) {
      head = to;
    },
    find: (id) => byId.get(id),
    voidOf(id) {
      const voidId = voids.get(id);
      return voidId === undefined ? undefined : byId.get(voidId);
    },
    folded: () => [...folds.values()],
    since,
    news: (number) => ({ head, folded: [...folds.values()], records: since(number) }),
  };
}

function nameOf({ service, mode }: FoldedClear): string {
  return service === undefined ? mode : `${mode} ${service}`;
}
