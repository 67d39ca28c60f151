import { PitwallError } from '../../lib/kernel/errors.ts';
import { manualClock, type ManualClock } from '../../lib/kernel/clock.ts';
import { createJournal, type Journal, type JournalCommand, type JournalOptions } from '../../lib/journal/journal.ts';
import type { JournalBatch, JournalSpool } from '../../lib/journal/journal-spool.ts';
import { KEY } from './journal-chain.ts';
import { memoryJournal, type MemoryJournal } from './memory-journal.ts';

export interface MemorySpool extends JournalSpool {
  batches: JournalBatch[];
  fails: boolean;
}

export function memorySpool(): MemorySpool {
  const spool: MemorySpool = {
    batches: [],
    fails: false,
    read: async () => structuredClone(spool.batches),
    async append(batch, most) {
      await Promise.resolve();
      if (spool.fails || JSON.stringify([...spool.batches, batch]).length > most)
        throw new PitwallError('storage_unavailable', 'The spool is full.');
      spool.batches.push(structuredClone(batch));
    },
    async clear() {
      spool.batches = [];
    },
  };
  return spool;
}

export interface JournalScene {
  readonly journal: Journal;
  readonly store: MemoryJournal;
  readonly spool: MemorySpool;
  readonly clock: ManualClock;
  /** What was logged, with its level first. */
  readonly lines: string[];
  /** Lets `ms` pass, timer by timer, and what follows from each. */
  pass(ms: number): Promise<void>;
}

/** A journal in memory whose time passes when it's told to. Ids are r01, r02, … */
export function journalScene(
  given: Partial<JournalOptions> & { store?: MemoryJournal; spool?: MemorySpool } = {},
): JournalScene {
  const { store = memoryJournal(), spool = memorySpool() } = given;
  const clock = manualClock(1_000_000);
  const lines: string[] = [];
  const timers = new Set<{ at: number; run: () => void }>();
  const say = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  let ids = 0;
  const journal = createJournal({
    key: KEY,
    instance: 'one',
    newId: () => `r${String(++ids).padStart(2, '0')}`,
    clock,
    after(ms, run) {
      const timer = { at: clock.mono() + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    logger: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
    ...given,
    store,
    archive: store,
    spool,
  });

  async function pass(ms: number): Promise<void> {
    const end = clock.mono() + ms;
    for (;;) {
      await settle();
      const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers.delete(next);
      clock.advance(Math.max(0, next.at - clock.mono()));
      next.run();
    }
    clock.advance(end - clock.mono());
  }

  return { journal, store, spool, clock, lines, pass };
}

/** Lets everything that waits for nothing but promises come to its end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

export function sampleCommand(change: Partial<JournalCommand> = {}): JournalCommand {
  return {
    actor: 'person:1',
    who: 'Ada',
    from: { address: '192.0.2.1', agent: 'curl/8' },
    action: 'setMode',
    target: 'shop',
    before: 'cache',
    after: 'bypass',
    requestId: 'q-1',
    ...change,
  };
}
