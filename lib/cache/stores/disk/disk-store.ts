// One state machine over index, segments and budget, over 300 lines: cut apart, each part would need the others' state.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import { isExtended, urlOf } from '../../entry-key.ts';
import { MAX_VARIANTS } from '../../level.ts';
import { openEntryIndex, type EntryIndex, type Row } from './entry-index.ts';
import type { Figures } from './figures.ts';
import { hash53 } from './hash.ts';
import { isHeadOf, isWhole, sealRecord, SPOILED } from './record.ts';
import { createReserve } from './reserve.ts';
import { openSegments, type Place, type Segment, type Segments } from './segments.ts';
import { judgeTrouble } from './trouble.ts';
import { createUseMarks } from './use-marks.ts';

/** Whether the disk takes writes; `why` is a sentence for people. */
export interface DiskState {
  readonly state: 'ok' | 'degraded';
  readonly why: string | undefined;
}

/** An entry on its way to the disk. */
export interface DiskWrite {
  readonly key: string;
  /** What tells the variants of a key apart. */
  readonly variant: string;
  /** As `Entry.bytes` accounts. */
  readonly bytes: number;
  /** Shared ms now. */
  readonly now: number;
  /** From `layRecord`. */
  readonly record: Buffer;
  /** Where in the record the body starts. */
  readonly bodyAt: number;
}

export interface DiskStoreOptions {
  /** Exists; nothing else is in it. */
  readonly directory: string;
  /** Bytes of entries as they account themselves, and, but for one segment and the index, bytes on disk. */
  readonly budgetBytes: number;
  /** The clear log's: what belongs to another can't be trusted and goes. */
  readonly epoch: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly figures: Figures;
  onState(state: DiskState): void;
  /** There is something to `flush` within 50 ms. */
  onDirty(): void;
}

/** L3 on disk, as its one thread has it: all calls answer at once, and none throws for what the disk does. */
export interface DiskStore {
  readonly state: DiskState;
  /** Rows under a key, newest first. */
  find(key: string): readonly Row[];
  row(key: string, id: number): Row | undefined;
  /** The record, whole; one that isn't goes. @param peek doesn't count as a use */
  load(row: Row, peek?: boolean): Buffer | undefined;
  /** The same for large ones, in pieces. */
  loadSlowly(row: Row, peek?: boolean): Promise<Buffer | undefined>;
  /** The record's start, up to `length` bytes; whether the rest is whole isn't known. */
  start(row: Row, length: number): Buffer | undefined;
  /** Its id; undefined when it can't be held. */
  write(what: DiskWrite): number | undefined;
  /** Makes room ahead for a write that comes in pieces (bytes); negative once it has come, or won't. */
  expect(bytes: number): void;
  remove(key: string, id: number): boolean;
  /** All under a key and under the extended keys of a URL. */
  forget(key: string, url: string): boolean;
  /** Hands everything to the operating system. */
  flush(): void;
  close(): void;
}

/** Segments per budget, and how large one grows at most. */
const SEGMENTS = 16;
const MAX_SEGMENT_BYTES = 64 * 1_048_576;
/** Share of the budget that is held for the index on a full disk, and its most. */
const RESERVE_SHARE = 1 / 32;
const MAX_RESERVE_BYTES = 1_048_576;
/** How long nothing is written after the disk refused, ms. */
const PAUSE_MS = 10_000;
/** Changes and ms after which a batch is committed even if no timer gets its turn. */
const BATCH_CHANGES = 2_000;
const BATCH_MS = 30;
/** Rows of a segment that are looked at together. */
const DRAIN_ROWS = 64;
const OK: DiskState = { state: 'ok', why: undefined };

export function openDiskStore(options: DiskStoreOptions): DiskStore {
  const { directory, budgetBytes, epoch, clock, logger, figures } = options;
  const segmentBytes = Math.max(1, Math.min(MAX_SEGMENT_BYTES, Math.floor(budgetBytes / SEGMENTS)));
  const reserveBytes = Math.floor(Math.min(MAX_RESERVE_BYTES, budgetBytes * RESERVE_SHARE));
  /** What the segments may fill. */
  const room = budgetBytes - reserveBytes;
  const reserve = createReserve(join(directory, 'reserve'), reserveBytes);
  const marks = createUseMarks();
  /** Undefined while the disk doesn't let us have one. */
  let open: { readonly index: EntryIndex; readonly segments: Segments } | undefined;
  let nextId = 1;
  let seen = 0;
  let entries = 0;
  let bytes = 0;
  let evictions = 0;
  /** Bytes on their way in pieces. */
  let expected = 0;
  let state: DiskState = OK;
  let pausedUntil = -Infinity;
  let batchStart = 0;
  let closed = false;
  /** Rows of the segment that is being drained. */
  let draining: { segment: Segment; rows: Row[]; idle: number } | undefined;
  /** Replaced records, made unreadable once their successors are written down. */
  let replaced: Place[] = [];
  /** Segments that nothing points into any more; they go once that is written down. */
  const emptied = new Set<Segment>();

  function tell(next: DiskState): void {
    if (next.state === state.state && next.why === state.why) return;
    state = next;
    options.onState(next);
  }

  function publish(): void {
    figures.set('entries', entries);
    figures.set('bytes', bytes);
    figures.set('evictions', evictions);
    figures.set('seen', Math.max(seen, figures.get('seen')));
  }

  function openFiles(): { index: EntryIndex; segments: Segments } {
    mkdirSync(directory, { recursive: true });
    const index = openEntryIndex(join(directory, 'index.db'), epoch);
    try {
      const segments = openSegments(directory, segmentBytes);
      const found = { index, segments };
      for (const gone of count(found)) index.deleteSegment(gone);
      index.commit(index.seen);
      for (const segment of segments.all()) if (segment.live === 0) segments.drop(segment.number);
      nextId = index.firstId;
      seen = Math.max(seen, index.seen);
      return found;
    } catch (error) {
      index.close();
      throw error;
    }
  }

  /** Counts what is there. @returns segments that rows point into and that are gone */
  function count({ index, segments }: { index: EntryIndex; segments: Segments }): number[] {
    entries = bytes = 0;
    for (const segment of segments.all()) segment.live = 0;
    const gone: number[] = [];
    for (const total of index.totals()) {
      segments.startAbove(total.segment);
      const segment = segments.get(total.segment);
      if (segment === undefined) gone.push(total.segment);
      else {
        segment.live = total.entries;
        entries += total.entries;
        bytes += total.bytes;
      }
    }
    return gone;
  }

  function reopen(): void {
    try {
      open = openFiles();
    } catch (error) {
      const trouble = judgeTrouble(error);
      if (trouble.kind === 'damaged') startAnew(trouble.why);
      else pause(trouble.why);
    }
    publish();
  }

  /** Everything goes: what can't be trusted can be fetched again. */
  function startAnew(why: string): void {
    logger.warn(`The cache on disk starts empty: ${why}.`);
    closeFiles();
    entries = bytes = 0;
    try {
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
      open = openFiles();
    } catch (error) {
      closeFiles();
      pause(judgeTrouble(error).why);
    }
    publish();
  }

  function closeFiles(): void {
    const files = open;
    open = undefined;
    draining = undefined;
    replaced = [];
    emptied.clear();
    try {
      files?.index.close();
    } catch {
      // A damaged index needn't close well.
    }
    files?.segments.close();
  }

  function pause(why: string): void {
    pausedUntil = clock.mono() + PAUSE_MS;
    const text = `The cache on disk takes no writes: ${why}. It's tried again every ${PAUSE_MS / 1_000} s.`;
    if (state.why !== text) logger.warn(text);
    tell({ state: 'degraded', why: text });
  }

  /** Undoes what isn't committed, or starts anew where the index can't be used any more. */
  function fail(error: unknown): void {
    const trouble = judgeTrouble(error);
    if (trouble.kind === 'damaged' || open === undefined) return startAnew(trouble.why);
    pause(trouble.why);
    const eased = reserve.release();
    if (trouble.kind === 'disk' || (eased && open.index.inTransaction)) {
      flush();
      return publish();
    }
    draining = undefined;
    replaced = [];
    emptied.clear();
    try {
      open.index.rollback();
      count(open);
    } catch (again) {
      startAnew(judgeTrouble(again).why);
    }
    publish();
  }

  /** Runs what touches the index, and answers `otherwise` where it can't. */
  function attempt<T>(otherwise: T, work: (index: EntryIndex, segments: Segments) => T): T {
    if (open === undefined && !closed && clock.mono() >= pausedUntil) reopen();
    if (open === undefined) return otherwise;
    const { index, segments } = open;
    const before = index.changes;
    try {
      const result = work(index, segments);
      if (before > 0 || index.changes > 0) changed(before === 0, index.changes);
      return result;
    } catch (error) {
      fail(error);
      return otherwise;
    }
  }

  function changed(first: boolean, changes: number): void {
    publish();
    if (first) {
      batchStart = clock.mono();
      options.onDirty();
    }
    if (changes >= BATCH_CHANGES || clock.mono() - batchStart >= BATCH_MS) flush();
  }

  function flush(): void {
    if (open === undefined || open.index.changes === 0) return;
    const { index, segments } = open;
    try {
      index.commit(seen);
    } catch (error) {
      fail(error);
      return;
    }
    for (const place of replaced) segments.spoil(place, SPOILED);
    replaced = [];
    dropEmptied(segments);
  }

  function dropEmptied(segments: Segments): void {
    try {
      for (const segment of emptied) {
        emptied.delete(segment);
        if (segment.live === 0 && !segments.isActive(segment)) segments.drop(segment.number);
      }
    } catch (error) {
      fail(error);
    }
  }

  /** The one place that takes a row out. */
  function takeOut(index: EntryIndex, segments: Segments, row: Row): void {
    index.delete(row);
    leave(segments, row);
    entries -= 1;
    bytes -= row.bytes;
  }

  function leave(segments: Segments, { segment: number }: Row): void {
    const segment = segments.get(number);
    if (segment === undefined) return;
    segment.live -= 1;
    if (segment.live === 0) emptied.add(segment);
  }

  function enter(segments: Segments, { segment: number }: Place): void {
    const segment = segments.get(number);
    if (segment !== undefined) segment.live += 1;
  }

  /** Looks at one row of the oldest segment, or drops it. @returns bytes of the disk looked at; 0 when there are none */
  function drain(index: EntryIndex, segments: Segments): number {
    const segment = segments.oldest;
    if (segment === undefined) return 0;
    if (draining?.segment !== segment) {
      segments.seal(segment);
      draining = { segment, rows: [], idle: 0 };
    }
    if (draining.rows.length === 0) draining.rows = index.ofSegment(segment.number, DRAIN_ROWS).reverse();
    const row = draining.rows.pop();
    if (row === undefined) return dropDrained(index, segments, segment);
    // It may have been removed or replaced since the rows were read.
    if (index.get(row.key, row.id)?.segment !== segment.number) {
      draining.idle += 1;
      if (draining.idle > 2 * DRAIN_ROWS) throw new Error('the index contradicts itself');
      return 1;
    }
    draining.idle = 0;
    if (!carry(index, segments, segment, row)) {
      takeOut(index, segments, row);
      evictions += 1;
    }
    return Math.max(1, row.length);
  }

  /** What was used gets a second chance, up to half of a segment. */
  function carry(index: EntryIndex, segments: Segments, segment: Segment, row: Row): boolean {
    if (!marks.take(row.id) || segment.carried + row.length > segmentBytes / 2) return false;
    const record = segments.read(row, row.length);
    if (record === undefined || !isHeadOf(record, row.id)) return false;
    const place = segments.append(record);
    index.move(row, place.segment, place.offset);
    leave(segments, row);
    enter(segments, place);
    segment.carried += row.length;
    return true;
  }

  function dropDrained(index: EntryIndex, segments: Segments, segment: Segment): number {
    if (segment.live !== 0) throw new Error('the index contradicts itself');
    draining = undefined;
    emptied.delete(segment);
    index.commit(seen);
    segments.drop(segment.number);
    index.shrink();
    return Math.max(1, segment.size);
  }

  /**
   * Makes room for `length` bytes on disk that account for `accounted`, less what `same` holds, whose place they take.
   * Draining goes twice as fast as writing, so that the oldest segment is gone before another one has been filled.
   */
  function makeRoom(index: EntryIndex, segments: Segments, length: number, accounted: number, same?: Row): void {
    if (emptied.size > 0 && segments.size + expected + length > room) flush();
    // Draining may take out `same` too: then its bytes are gone already.
    const leaving = (): number => (same !== undefined && index.get(same.key, same.id) !== undefined ? same.bytes : 0);
    while (bytes + expected + accounted - leaving() > budgetBytes && entries > 0 && drain(index, segments) > 0);
    const ahead = expected + length;
    for (let owed = 2 * length; owed > 0 && segments.size + ahead > budgetBytes;) {
      const drained = drain(index, segments);
      if (drained === 0) break;
      owed -= drained;
    }
    while (segments.size + ahead > room + segmentBytes && drain(index, segments) > 0);
  }

  /** Takes the record's row out; made unreadable at once, it can't come back with an older index. */
  function erase(index: EntryIndex, segments: Segments, row: Row): void {
    takeOut(index, segments, row);
    segments.spoil(row, SPOILED);
  }

  /** A record that isn't what its row says: gone. */
  function unusable(row: Row): undefined {
    return attempt(undefined, (index, segments) => {
      if (index.get(row.key, row.id) !== undefined) takeOut(index, segments, row);
      return undefined;
    });
  }

  function used(record: Buffer | undefined, row: Row, peek = false): Buffer | undefined {
    if (record === undefined || !isWhole(record, row.id)) return unusable(row);
    if (!peek) marks.set(row.id);
    return record;
  }

  function store(index: EntryIndex, segments: Segments, what: DiskWrite): number {
    if (!reserve.held) reserve.hold();
    const key = hash53(what.key);
    const variant = hash53(what.variant);
    const same = index.find(key).find((row) => row.variant === variant);
    makeRoom(index, segments, what.record.length, what.bytes, same);
    const id = nextId++;
    sealRecord(what.record, id, what.bodyAt);
    const place = segments.append(what.record);
    const others = index.find(key);
    for (const row of others.filter((other) => other.variant === variant)) {
      takeOut(index, segments, row);
      replaced.push(row);
    }
    for (const row of others.filter((other) => other.variant !== variant).slice(MAX_VARIANTS - 1)) {
      takeOut(index, segments, row);
      evictions += 1;
    }
    const url = isExtended(what.key) ? hash53(urlOf(what.key)) : null;
    index.insert({ key, id, variant, ...place, length: what.record.length, bytes: what.bytes }, url);
    enter(segments, place);
    entries += 1;
    bytes += what.bytes;
    seen = Math.max(seen, what.now);
    return id;
  }

  figures.set('budgetBytes', budgetBytes);
  reopen();

  return {
    get state() {
      return state;
    },
    find: (key) => attempt<readonly Row[]>([], (index) => index.find(hash53(key))),
    row: (key, id) => attempt<Row | undefined>(undefined, (index) => index.get(hash53(key), id)),
    load: (row, peek) => used(open?.segments.read(row, row.length), row, peek),
    loadSlowly: async (row, peek) => used(await open?.segments.readSlowly(row, row.length), row, peek),
    start(row, length) {
      const bytes = open?.segments.read(row, Math.min(length, row.length));
      return bytes !== undefined && isHeadOf(bytes, row.id) ? bytes : unusable(row);
    },
    write(what) {
      if (what.bytes > budgetBytes || what.record.length > budgetBytes + segmentBytes) return undefined;
      if (clock.mono() < pausedUntil) return undefined;
      const id = attempt<number | undefined>(undefined, (index, segments) => store(index, segments, what));
      if (id !== undefined && clock.mono() >= pausedUntil) tell(OK);
      return id;
    },
    expect(length) {
      expected += length;
      if (length > 0 && clock.mono() >= pausedUntil)
        attempt(undefined, (index, segments) => makeRoom(index, segments, length, 0));
    },
    remove: (key, id) =>
      attempt(false, (index, segments) => {
        const row = index.get(hash53(key), id);
        if (row !== undefined) erase(index, segments, row);
        return row !== undefined;
      }),
    forget: (key, url) =>
      attempt(false, (index, segments) => {
        const rows = [...index.find(hash53(key)), ...index.ofUrl(hash53(url))];
        const ids = new Set<number>();
        for (const row of rows) {
          if (!ids.has(row.id)) erase(index, segments, row);
          ids.add(row.id);
        }
        return ids.size > 0;
      }),
    flush,
    close() {
      closed = true;
      flush();
      closeFiles();
    },
  };
}
