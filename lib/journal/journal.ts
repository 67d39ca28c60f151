import { ERROR_STATUS, PitwallError, isPitwallError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createRedactor, type Redactor } from '../kernel/redact.ts';
import { REDACTED } from '../kernel/redact-text.ts';
import type { After } from '../kernel/timer.ts';
import { createAnchors } from './anchors.ts';
import type { JournalSpool } from './journal-spool.ts';
import type { JournalArchive, JournalStore, PruneBounds } from './journal-store.ts';
import { createJournalWriter } from './journal-writer.ts';
import { mergeCheckpoints } from './prune.ts';
import { CHECKPOINT_ACTION, cleanText, type JournalHead, type JournalRecord, type RecordDraft } from './record.ts';
import { createSubjects } from './subject.ts';

/** Wait before events are written, ms. */
const EVENTS_MS = 1_000;
/** Between two heads in the log, ms. */
const ANCHOR_MS = 600_000;
const SPOOL_BYTES = 8_388_608;
/** Longest wait for commands under way at the end, ms. */
const CLOSE_MS = 2_000;
/** Longest name of an instance in the name of a chain. */
const INSTANCE_LENGTH = 80;

/** Who asks for what. Secrets in it are taken out before it's written. */
export interface JournalCommand {
  /** local, person:ID, token:ID, stranger or engine */
  readonly actor: string;
  /** The name that people know them by. */
  readonly who: string | null;
  readonly from: { readonly address: string | null; readonly agent: string | null };
  /** The operation's id, such as clearCache. */
  readonly action: string;
  readonly target: string | null;
  /** What is there; null where unknown. */
  readonly before: unknown;
  /** What is asked for. */
  readonly after: unknown;
  readonly requestId: string | null;
}

export type JournalEvent = Pick<JournalCommand, 'action' | 'target' | 'before' | 'after'>;

export interface JournalOptions {
  readonly store: JournalStore;
  readonly archive: JournalArchive;
  readonly spool: JournalSpool;
  /** Of journalKey. */
  readonly key: Buffer;
  /** Name of this process, the same after a restart. */
  readonly instance: string;
  /** Unlike every other, at any time. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly after: After;
  readonly logger: Logger;
  /** Between two heads in the log, ms; default 10 min. */
  readonly anchorEveryMs?: number;
  /** Takes secrets out of what is written. */
  readonly redactor?: Redactor;
  /** Most bytes of the spool; default 8 MiB. */
  readonly spoolBytes?: number;
}

/** The record of every command and every change of state. */
export interface Journal {
  /** Begins this process's chain; the first command would do it as well. Never rejects. */
  open(): Promise<void>;
  /**
   * Writes the command down, then runs it, then writes down what became of it. Resolves or rejects as `run` does.
   * Rejects with `storage_unavailable`, and doesn't run it, when it can't be written down.
   * @param describe what is there now, of the result; default nothing is noted of it
   */
  command<T>(about: JournalCommand, run: () => T | Promise<T>, describe?: (result: T) => unknown): Promise<T>;
  /** Notes a change that the engine made by itself, within a second. Never throws. */
  event(event: JournalEvent): void;
  /** Takes name, address and agent of `actor` out of the journal, as JournalStore does; how many subjects that were. */
  erase(actor: string, email?: string): Promise<number>;
  /** Drops old records slice by slice, each behind a checkpoint; how many. */
  prune(bounds: PruneBounds): Promise<number>;
  /** Waits 2 s at most for commands under way, and ends the chain. */
  close(): Promise<void>;
}

export function createJournal(options: JournalOptions): Journal {
  const { store, archive, spool, key, newId, clock, after, logger, redactor = createRedactor() } = options;
  const instance = cleanText(options.instance, INSTANCE_LENGTH);
  const chain = `${instance}:${newId()
    .replace(/[^a-z0-9]/gi, '')
    .slice(-12)}`;
  const subjects = createSubjects({ key, newId, clock, redact: redactor.text });
  const writer = createJournalWriter({
    store,
    spool,
    key,
    chain,
    spoolBytes: options.spoolBytes ?? SPOOL_BYTES,
    onKept: (batch) => subjects.written(batch.subjects),
    gap: (dropped) => draft('gap', 'loseEvents', { dropped }),
    unkept: ({ number, action, requestId }) => ({
      ...draft('outcome', action, { error: "It couldn't be written down in time, so it wasn't run." }),
      of: number,
      outcome: 'refused',
      requestId,
    }),
    after,
    logger,
  });
  const anchors = createAnchors({ head: writer.head, everyMs: options.anchorEveryMs ?? ANCHOR_MS, after, logger });
  const running = new Set<Promise<unknown>>();
  let opening: Promise<void> | undefined;
  let cancelFlush: (() => void) | undefined;
  let closed = false;

  const textOrNull = (text: string | null): string | null =>
    text === null ? null : cleanText(redactor.text(text.slice(0, 8_192)), 2_000);

  function described<T>(describe: (result: T) => unknown, result: T): unknown {
    try {
      return redactor.value(describe(result));
    } catch {
      return REDACTED;
    }
  }

  const wordsOf = (error: unknown): string =>
    cleanText(redactor.text((error instanceof Error ? error.message : String(error)).slice(0, 8_192)), 1_000);

  function draft(kind: RecordDraft['kind'], action: string, detail: object): RecordDraft {
    return {
      at: Math.trunc(clock.wall()),
      kind,
      action: cleanText(action, 100),
      actor: 'engine',
      subject: null,
      target: null,
      of: null,
      outcome: null,
      requestId: null,
      detail: JSON.stringify(detail),
    };
  }

  async function begin(): Promise<void> {
    const { previous, known, whole } = await findPrevious();
    const gap = whole ? [] : [draft('gap', 'endUnclosed', { previous, known })];
    await Promise.all([draft('opened', 'open', { previous }), ...gap].map((record) => writer.write({ record })));
    anchors.start();
  }

  async function findPrevious(): Promise<{ previous: JournalHead | null; known: boolean; whole: boolean }> {
    const spooled = await writer.start();
    if (spooled !== undefined) return { previous: headOf(spooled), known: true, whole: spooled.kind === 'closed' };
    try {
      const last = await store.last(instance);
      return { previous: last && headOf(last), known: true, whole: last?.closed ?? true };
    } catch {
      return { previous: null, known: false, whole: false };
    }
  }

  const open = (): Promise<void> => (opening ??= begin());

  async function run<T>(
    about: JournalCommand,
    work: () => T | Promise<T>,
    describe?: (result: T) => unknown,
  ): Promise<T> {
    await open();
    // A command is kept, or rejects.
    const command = (await writer.write(commandDraft(about))) as JournalRecord;
    const started = clock.mono();
    async function end(outcome: 'done' | 'refused' | 'failed', detail: object): Promise<void> {
      const tookMs = Math.round((clock.mono() - started) * 1_000) / 1_000;
      const record = draft('outcome', command.action, { ...detail, tookMs });
      const { actor, number, requestId } = command;
      const kept = await writer.write({ record: { ...record, actor, of: number, outcome, requestId } });
      if (kept !== undefined) return;
      logger.warn(`The journal can't say yet what became of the command ${number}: it is pending.`, {
        chain,
        requestId,
      });
    }
    let result: T;
    try {
      result = await work();
    } catch (error) {
      const refused = isPitwallError(error) && ERROR_STATUS[error.code] < 500;
      await end(refused ? 'refused' : 'failed', { error: wordsOf(error) });
      throw error;
    }
    await end('done', describe === undefined ? {} : { after: described(describe, result) });
    return result;
  }

  function commandDraft(about: JournalCommand): Parameters<typeof writer.write>[0] {
    const actor = cleanText(about.actor, 100);
    const subject = subjects.of({ actor, name: about.who, ...about.from });
    const { before, after: asked } = about;
    const record = draft('command', about.action, { before: redactor.value(before), after: redactor.value(asked) });
    return {
      record: {
        ...record,
        actor,
        subject: subject?.subject.id ?? null,
        target: textOrNull(about.target),
        requestId: about.requestId === null ? null : cleanText(about.requestId, 200),
      },
      subject,
    };
  }

  return {
    open,
    command(about, work, describe) {
      if (closed) return Promise.reject(new PitwallError('storage_unavailable', 'The journal is closed.'));
      const ran = run(about, work, describe);
      const settled = ran.then(
        () => undefined,
        () => undefined,
      );
      running.add(settled);
      void settled.then(() => running.delete(settled));
      return ran;
    },
    event({ action, target, before, after: now }) {
      if (closed) return;
      const record = draft('event', action, { before: redactor.value(before), after: redactor.value(now) });
      writer.later({ record: { ...record, target: textOrNull(target) } });
      cancelFlush ??= after(EVENTS_MS, () => {
        cancelFlush = undefined;
        void open().then(() => writer.flush());
      });
    },
    async erase(actor, email) {
      if (writer.isBehind())
        throw new PitwallError('storage_unavailable', 'The journal waits for its database: erase it later.');
      const erased = await store.erase(actor, email);
      subjects.forget();
      return erased;
    },
    async prune(bounds) {
      for (let dropped = 0; ;) {
        const { cuts, checkpoints, more } = await archive.prunable(bounds);
        if (cuts.length === 0) return dropped;
        const pruned = mergeCheckpoints(cuts, checkpoints, await archive.chains());
        await open();
        const kept = await writer.write({ record: draft('checkpoint', CHECKPOINT_ACTION, { pruned }) });
        if (kept === undefined || writer.isBehind())
          throw new PitwallError('storage_unavailable', 'The journal waits for its database: prune it later.');
        dropped += await archive.prune(cuts, more ? undefined : bounds.before);
        if (!more) return dropped;
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      cancelFlush?.();
      if (opening !== undefined) {
        await opening;
        const { promise, resolve } = Promise.withResolvers<void>();
        const cancel = after(CLOSE_MS, resolve);
        await Promise.race([Promise.all(running), promise]);
        cancel();
        await writer.flush();
        await writer.write({ record: draft('closed', 'close', {}) });
      }
      anchors.stop();
      writer.stop();
    },
  };
}

const headOf = ({ chain, number, mac }: JournalHead | JournalRecord): JournalHead => ({ chain, number, mac });
