import { describe, expect, it } from 'vitest';
import { createClearFollower, type FollowerOptions } from '../../../lib/cache/clear-follower.ts';
import { createClearLog, type ClearLog } from '../../../lib/cache/clear-log.ts';
import type { ClearNews, ClearRecord, ClearSource } from '../../../lib/cache/clear-record.ts';
import { SLICE_LENGTH, SLICE_RECORDS } from '../../../lib/cache/clear-slice.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { clearable } from '../../suites/clear-source.ts';

const MANY = 1_000;
/** What two looks take that hang. */
const TWO_LOOKS_MS = 300;
const urlOf = (number: number): string => `http://a/${number}`;

/** Hard clears of one URL each, from `first` on. */
function clears(first: number, count: number, text = urlOf): ClearRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const number = first + i;
    return { scope: { key: text(number) }, mode: 'hard', number, id: `id${number}`, at: 0 };
  });
}

/** A whole log. */
function logOf(records: ClearRecord[]): ClearNews {
  const { number, id } = records.at(-1) as ClearRecord;
  return { head: { number, id }, folded: [], records };
}

/** A follower of a log that the test writes. `onTurn` is called wherever it gives way. */
function follow(onTurn: (log: ClearLog) => unknown, names = 10_000) {
  const log = createClearLog({ maxNames: names, maxPatterns: 10 });
  const timers = new Set<{ run(): void; ms: number }>();
  const told = { whole: logOf(clears(1, 1)), taken: new Set<string>(), longest: 0, away: false };
  const source: Pick<ClearSource, 'head' | 'since'> = {
    head: () => (told.away ? Promise.reject(new Error('away')) : told.whole.head),
    since: async (number) => {
      const { whole } = told;
      return { ...whole, records: counted(whole.records.filter((record) => record.number > number)) };
    },
  };
  /** Counts the records that are looked at. */
  const counted = (records: ClearRecord[]): ClearRecord[] =>
    new Proxy(records, {
      get(target, key, self) {
        if (typeof key === 'string' && /^\d+$/.test(key))
          told.longest = Math.max(told.longest, told.taken.add(key).size);
        return Reflect.get(target, key, self) as unknown;
      },
    });
  const turn: FollowerOptions['turn'] = async () => {
    told.taken.clear();
    await onTurn(log);
  };
  const follower = createClearFollower({
    log,
    source: source as ClearSource,
    clock: manualClock(),
    turn,
    after(ms, run) {
      const timer = { run, ms };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const fire = (ms: number): void => {
    for (const timer of timers) if (timer.ms === ms) timer.run();
  };
  return { log, follower, told, timers, fire };
}

describe('news that take a while', () => {
  it.each([
    ['a whole log', 0],
    ['what follows', 1],
  ])('takes over %s in slices, with a turn for others after each', async (_, known) => {
    const heads: number[] = [];
    const { log, follower, told } = follow(({ head }) => heads.push(head));
    if (known > 0) await follower.start();
    told.whole = logOf(clears(1, MANY));
    told.taken.clear();
    await follower.start();
    expect(log.head).toBe(MANY);
    expect(heads).toHaveLength(Math.ceil((MANY - known) / SLICE_RECORDS) - 1);
    expect(told.longest).toBe(SLICE_RECORDS);
    await follower.close();
  });

  it('ends a slice early where the texts are long', async () => {
    const heads: number[] = [];
    const { follower, told } = follow(({ head }) => heads.push(head));
    told.whole = logOf(clears(1, 5, (number) => urlOf(number).padEnd(SLICE_LENGTH / 2)));
    await follower.start();
    expect(heads).toEqual([2, 4]);
    await follower.close();
  });

  it('lets each slice count at once, and is trusted when nothing is left', async () => {
    const seen: unknown[] = [];
    const { log, follower, told } = follow(({ head, id, verdict }) => {
      const verdicts = [head, head + 1].map((number) => verdict.call(log, clearable(urlOf(number), 0)));
      seen.push([head, id, follower.state, follower.trusted, ...verdicts]);
    });
    await follower.start();
    expect(follower.trusted).toBe(true);
    told.whole = logOf(clears(1, 1 + 2 * SLICE_RECORDS));
    await follower.start();
    const head = 1 + SLICE_RECORDS;
    expect(seen).toEqual([[head, `id${head}`, 'confirmed', false, 'hard', 'live']]);
    expect(follower.trusted).toBe(true);
    await follower.close();
  });

  it('answers from the old log until the new one is whole', async () => {
    const seen: unknown[] = [];
    const { log, follower, told } = follow((now) => {
      const verdicts = [1, MANY].map((number) => now.verdict(clearable(urlOf(number), 0)));
      seen.push([now.head, now.id, follower.trusted, ...verdicts]);
    });
    await follower.start();
    // Mended: what was said before is said again, above a gap.
    const again = clears(5_000, MANY);
    told.whole = logOf([...clears(2, MANY), ...again]);
    await follower.start();
    expect(seen).toEqual(Array(Math.ceil((2 * MANY) / SLICE_RECORDS) - 1).fill([1, 'id1', false, 'hard', 'live']));
    expect([log.head, follower.trusted]).toEqual([4_999 + MANY, true]);
    expect(log.verdict(clearable(urlOf(1), 0))).toBe('live');
    expect(log.verdict(clearable(urlOf(MANY), 0))).toBe('hard');
    await follower.close();
  });

  it('looks again before it is complete: more may have come meanwhile', async () => {
    const { log, follower, told } = follow(() => {
      if (told.whole.head.number === MANY) told.whole = logOf(clears(1, MANY + 1));
    });
    told.whole = logOf(clears(1, MANY));
    await follower.start();
    expect([log.head, follower.state]).toEqual([MANY + 1, 'confirmed']);
    await follower.close();
  });

  it('resolves who waits for a number as soon as it is reached', async () => {
    const reached: number[] = [];
    const { log, follower, told } = follow(async () => {
      await Promise.resolve();
      await Promise.resolve();
    });
    await follower.start();
    told.whole = logOf(clears(1, MANY));
    const waits = [2, MANY].map((number) => follower.catchUp(number).then(() => reached.push(log.head)));
    await Promise.all(waits);
    expect(reached[0]).toBeLessThan(MANY);
    expect(reached[1]).toBe(MANY);
    await follower.close();
  });

  it('is unconfirmed when it takes longer than two looks may', async () => {
    const states: string[] = [];
    const { follower, told, fire } = follow(() => {
      fire(TWO_LOOKS_MS);
      states.push(follower.state);
    });
    await follower.start();
    told.whole = logOf(clears(1, MANY));
    await follower.start();
    expect(new Set(states)).toEqual(new Set(['unconfirmed']));
    expect(follower.state).toBe('confirmed');
    await follower.close();
  });

  it('stays untrusted where the source goes away before all is known to be there', async () => {
    const { follower, told } = follow(() => (told.away = true));
    await follower.start();
    told.whole = logOf(clears(1, MANY));
    await follower.start();
    expect([follower.state, follower.trusted]).toEqual(['confirmed', false]);
    told.away = false;
    await follower.start();
    expect(follower.trusted).toBe(true);
    await follower.close();
  });

  it.each([0, 1])('ends between two slices when it is closed, with no timer left (%i known)', async (known) => {
    let closing: Promise<void> | undefined;
    const { log, follower, told, timers } = follow(() => {
      closing ??= follower.close();
    });
    if (known > 0) await follower.start();
    told.whole = logOf(clears(1, MANY));
    await follower.start();
    await closing;
    expect([log.head < MANY, timers.size]).toEqual([true, 0]);
  });
});
