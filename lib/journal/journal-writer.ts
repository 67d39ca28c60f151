import { PitwallError, isPitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import type { JournalBatch, JournalSpool } from './journal-spool.ts';
import type { JournalStore } from './journal-store.ts';
import {
  ROOT,
  chained,
  type JournalHead,
  type JournalRecord,
  type JournalSubject,
  type RecordDraft,
} from './record.ts';

/** Most records of one append. */
const MOST = 200;
/** Most events that wait; past it the oldest are lost, and a gap says how many. */
export const MOST_EVENTS = 5_000;
/** Wait before a store that failed is tried again, ms; doubled each time up to the second. */
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
/** Bytes of the spool that commands leave for outcomes. */
const RESERVE = 262_144;

export interface Draft {
  readonly record: RecordDraft;
  readonly subject?: { readonly subject: JournalSubject; readonly fresh: boolean } | undefined;
}

interface Waiting extends Draft {
  readonly resolve: (record: JournalRecord | undefined) => void;
  readonly reject: (error: PitwallError) => void;
}

export interface JournalWriterOptions {
  readonly store: Pick<JournalStore, 'append'>;
  readonly spool: JournalSpool;
  readonly key: Buffer;
  readonly chain: string;
  /** Most bytes of the spool; events take half of it. */
  readonly spoolBytes: number;
  /** These are kept, in the store or the spool. */
  readonly onKept: (batch: JournalBatch) => void;
  /** `count` events were lost. */
  readonly gap: (count: number) => RecordDraft;
  /** What to write down of a command that was refused although its record may be stored. */
  readonly unkept: (command: JournalRecord) => RecordDraft;
  readonly after: After;
  readonly logger: Logger;
}

/** Gives records their numbers and keeps them: one append at a time, with all that waits. */
export interface JournalWriter {
  /** Takes over what the spool holds, and tries to put it into the store; the newest record of it. Before anything is written. */
  start(): Promise<JournalRecord | undefined>;
  /**
   * Resolves when it's kept. When it can't be, a command rejects with `storage_unavailable`, and everything else
   * resolves with undefined and is kept later, if the process lives on.
   */
  write(draft: Draft): Promise<JournalRecord | undefined>;
  /** Kept with the next command, or when `flush` is called. */
  later(draft: Draft): void;
  /** Resolves when everything was tried once. */
  flush(): Promise<void>;
  /** The newest record that is kept. */
  head(): JournalHead;
  /** Whether records wait in the spool, or in memory, for the store. */
  isBehind(): boolean;
  /** No more timers. */
  stop(): void;
}

export function createJournalWriter(options: JournalWriterOptions): JournalWriter {
  const { store, spool, key, chain, spoolBytes, onKept, gap, unkept, after, logger } = options;
  let head: JournalHead = { chain, number: 0, mac: ROOT };
  let urgent: Waiting[] = [];
  /** What couldn't be kept and is no command. */
  const stuck: Waiting[] = [];
  let events: Draft[] = [];
  let eventsDue = false;
  let lost = 0;
  let writing: Promise<void> | undefined;
  /** Batches that the store hasn't got yet, oldest first. */
  const backlog: JournalBatch[] = [];
  let away = false;
  /** A batch in `backlog` isn't in the spool: nothing may follow it there. */
  let holed = false;
  let draining: Promise<void> | undefined;
  let retry = FIRST_RETRY_MS;
  let cancelRetry: (() => void) | undefined;
  let stopped = false;

  function kick(): Promise<void> {
    writing ??= run().finally(() => {
      writing = undefined;
      // What came after the last look.
      if (urgent.length > 0) void kick();
    });
    return writing;
  }

  async function run(): Promise<void> {
    // A turn later, so that what comes together is written together.
    await Promise.resolve();
    urgent = [...stuck.splice(0), ...urgent];
    for (;;) {
      if (away && backlog.length === 0 && draining === undefined) await comeBack();
      const items = take();
      if (items.length === 0) return;
      await keep(items);
    }
  }

  function take(): readonly (Waiting | Draft)[] {
    const items: (Waiting | Draft)[] = urgent.splice(0, MOST);
    if ((away || urgent.length > 0) && items.length > 0) return items;
    if (away && !eventsDue) return items;
    if (lost > 0) items.push({ record: gap(lost) });
    lost = 0;
    items.push(...events.splice(0, MOST));
    if (events.length === 0) eventsDue = false;
    return items;
  }

  async function keep(items: readonly (Waiting | Draft)[]): Promise<void> {
    const batch = batchOf(items);
    const attempted = !away;
    if (attempted) {
      try {
        await store.append(batch.records, batch.subjects);
        return kept(items, batch);
      } catch (error) {
        goAway(error);
      }
    }
    try {
      if (holed) throw new PitwallError('storage_unavailable', 'the spool has no room for it either');
      await spool.append(batch, roomFor(batch));
      backlog.push(batch);
      kept(items, batch);
    } catch (error) {
      // The store may have it all the same, or get it later: its numbers are taken.
      if (attempted) {
        backlog.push(batch);
        holed = true;
        head = headOf(batch);
      }
      refuse(items, attempted ? batch.records : [], error);
    }
    // Also when what emptied the backlog has just ended.
    if (backlog.length > 0 && draining === undefined) scheduleDrain();
  }

  function kept(items: readonly (Waiting | Draft)[], batch: JournalBatch): void {
    head = headOf(batch);
    onKept(batch);
    for (const [index, item] of items.entries())
      if ('resolve' in item) item.resolve(batch.records[index] as JournalRecord);
  }

  function refuse(items: readonly (Waiting | Draft)[], records: readonly JournalRecord[], why: unknown): void {
    const message = `The journal can't be written, so nothing was changed: ${wordsOf(why)}.`;
    for (const [index, item] of items.entries()) {
      const record = records[index];
      if (item.record.kind === 'command') {
        if (record !== undefined) stuck.push(silent({ record: unkept(record) }));
        if ('reject' in item) item.reject(new PitwallError('storage_unavailable', message, { retryAfter: 1 }));
      } else if (record !== undefined) {
        if ('resolve' in item) item.resolve(record);
      } else if ('resolve' in item) {
        item.resolve(undefined);
        stuck.push(silent(item));
      }
    }
    if (records.length === 0) events.unshift(...items.filter((item) => !('resolve' in item)));
    eventsDue = false;
    boundEvents();
  }

  function batchOf(items: readonly Draft[]): JournalBatch {
    const subjects = new Map<string, JournalSubject>();
    let at = head;
    const records = items.map(({ record, subject }) => {
      if (subject?.fresh === true) subjects.set(subject.subject.id, subject.subject);
      const next = chained(key, at, record);
      at = next;
      return next;
    });
    return { records, subjects: [...subjects.values()] };
  }

  function roomFor({ records }: JournalBatch): number {
    if (records.every(({ kind }) => kind === 'event')) return spoolBytes / 2;
    return records.some(({ kind }) => kind === 'command') ? spoolBytes - Math.min(RESERVE, spoolBytes / 4) : spoolBytes;
  }

  function boundEvents(): void {
    const over = events.length - MOST_EVENTS;
    if (over <= 0) return;
    events = events.slice(over);
    lost += over;
  }

  function goAway(error: unknown): void {
    if (!away) logger.warn(`The journal goes on in its spool, since it can't be stored: ${wordsOf(error)}.`);
    away = true;
  }

  async function comeBack(): Promise<void> {
    await spool.clear().catch((error: unknown) => logger.warn(`The journal's spool stays: ${wordsOf(error)}.`));
    away = false;
    holed = false;
    retry = FIRST_RETRY_MS;
    urgent = [...stuck.splice(0), ...urgent];
    logger.info('The journal is stored again.');
  }

  function scheduleDrain(): void {
    if (stopped || cancelRetry !== undefined) return;
    cancelRetry = after(retry, () => {
      cancelRetry = undefined;
      void drain();
    });
    retry = Math.min(retry * 2, LONGEST_RETRY_MS);
  }

  function drain(): Promise<void> {
    draining ??= putBacklog().finally(() => {
      draining = undefined;
      if (backlog.length > 0) scheduleDrain();
      else void kick();
    });
    return draining;
  }

  async function putBacklog(): Promise<void> {
    for (let batch = backlog[0]; batch !== undefined; batch = backlog[0]) {
      try {
        await store.append(batch.records, batch.subjects);
      } catch (error) {
        if (!isPitwallError(error) || error.code !== 'conflict') return;
        // A line that was written and never acknowledged.
        logger.error(`Records of the journal's spool don't fit the journal, and are left out: ${error.message}`);
      }
      backlog.shift();
    }
  }

  return {
    async start() {
      const found = await spool.read().catch((error: unknown) => {
        logger.error(`The journal's spool can't be read: ${wordsOf(error)}.`);
        return [];
      });
      const newest = found.at(-1)?.records.at(-1);
      if (newest === undefined) return undefined;
      away = true;
      backlog.push(...found);
      await drain();
      return newest;
    },
    write: (draft) =>
      new Promise((resolve, reject) => {
        urgent.push({ ...draft, resolve, reject });
        void kick();
      }),
    later(draft) {
      events.push(draft);
      boundEvents();
    },
    async flush() {
      eventsDue = events.length > 0;
      await kick();
      // What was still under way may have passed by before.
      if (eventsDue) await kick();
    },
    head: () => head,
    isBehind: () => away,
    stop() {
      stopped = true;
      cancelRetry?.();
    },
  };
}

function headOf({ records }: JournalBatch): JournalHead {
  const { chain, number, mac } = records.at(-1) as JournalRecord;
  return { chain, number, mac };
}

/** Nobody waits for it. */
function silent(draft: Draft): Waiting {
  return { ...draft, resolve: () => undefined, reject: () => undefined };
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.+$/, '');
}
