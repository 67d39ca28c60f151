import { describe, expect, it } from 'vitest';
import type { Range } from '../../../lib/contracts/overview.ts';
import type { Clock } from '../../../lib/kernel/clock.ts';
import { FIELDS } from '../../../lib/live/field.ts';
import { sumWindow, windowSpan } from '../../../lib/live/fixed-window.ts';
import { packFrame, type Frame } from '../../../lib/live/frame.ts';
import { createHistory, stepsOf, type History } from '../../../lib/live/history.ts';
import type { Scope } from '../../../lib/live/scope.ts';

const SECONDS = 3_600;
const ROUTES = 5;
/** Looks at a second of traffic within one ms. */
const LOOKS_PER_MS = 10;
/** A slice is 2 ms, and a step that is begun, 20 s at most, is finished. */
const MOST_IN_A_TURN = 2 * LOOKS_PER_MS + 20;

/** Looks at seconds of traffic, and a clock by which each takes as long. */
function createTurns() {
  return {
    /** Since the last turn of the event loop. */
    now: 0,
    most: 0,
    all: 0,
    look(): void {
      this.all++;
      this.most = Math.max(this.most, ++this.now);
    },
    clock(): Clock {
      return { wall: () => 0, mono: () => this.all / LOOKS_PER_MS };
    },
  };
}
type Turns = ReturnType<typeof createTurns>;

/** An hour of all routes, each second of which counts who looks at it. */
function hour(): { history: History; turns: Turns } {
  const turns = createTurns();
  const history = createHistory(SECONDS, turns.clock());
  for (let n = 1; n <= SECONDS; n++) {
    const rows = Array.from({ length: ROUTES }, (_, i) => {
      const fields = new Float64Array(FIELDS);
      fields[i] = n + i;
      return { id: history.ids.use('chat', `r${i}`, n), fields, hit: [n % 50, 1], miss: [n % 70, 2] };
    });
    const frame = packFrame(n * 1_000, 1, rows, [0, 0, 0]);
    history.push(
      new Proxy(frame, {
        get(target, name) {
          if (name === 'rows') turns.look();
          return target[name as keyof Frame];
        },
      }),
    );
  }
  turns.now = 0;
  return { history, turns };
}

const scopeOf = (only: number | undefined): Scope => ({
  key: only === undefined ? '=chat' : `#${only}`,
  has: (name) => name === 'chat',
  ids: only === undefined ? [0, 1, 2, 3, 4] : [only],
  only,
});

/** Waits for `work` turn by turn; resolves with the most looks of one turn, and all of them. */
async function busiestTurn(turns: Turns, work: Promise<unknown>): Promise<{ most: number; all: number }> {
  const before = turns.all - turns.now;
  turns.most = turns.now;
  let over = false;
  void work.finally(() => (over = true));
  while (!over) {
    turns.now = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  turns.now = 0;
  return { most: turns.most, all: turns.all - before };
}

describe('what nobody has looked at yet', () => {
  it.each(['1m', '5m', '15m', '30m'] as const)(
    'is added up in slices before it is shown: a route over %s',
    async (range) => {
      const { history, turns } = hour();
      turns.now = 0;
      const work = history.prepare(scopeOf(3), range);
      expect(history.prepare(scopeOf(3), range)).toBe(work);
      const { most, all } = await busiestTurn(turns, work!);
      expect(most).toBeLessThan(MOST_IN_A_TURN);
      const { step, count } = stepsOf(range);
      expect(all).toBeGreaterThan(step * count);
      expect(history.prepare(scopeOf(3), range)).toBeUndefined();
      turns.now = 0;
      const prepared = [history.samples.last(scopeOf(3), stepsOf(range)), history.followed.of(3, range)];
      expect(turns.now).toBeLessThan(MOST_IN_A_TURN);
      const { history: anew } = hour();
      expect(prepared).toEqual([anew.samples.last(scopeOf(3), stepsOf(range)), anew.followed.of(3, range)]);
    },
  );

  it('of a service is so too', async () => {
    const { history, turns } = hour();
    const { most, all } = await busiestTurn(turns, history.prepare(scopeOf(undefined), '30m')!);
    expect(most).toBeLessThan(MOST_IN_A_TURN);
    expect(all).toBe(1_800);
    expect(history.prepare(scopeOf(undefined), '30m')).toBeUndefined();
    expect(history.samples.last(scopeOf(undefined), stepsOf('30m'))).toHaveLength(180);
    expect(turns.now).toBe(0);
  });

  it('stays right while seconds come and go, however long it takes', async () => {
    const { history } = hour();
    let second = SECONDS;
    const push = (to: History): void => {
      const fields = new Float64Array(FIELDS);
      fields[0] = ++second;
      to.push(packFrame(second * 1_000, 1, [{ id: 3, fields, hit: [], miss: [] }], [0, 0, 0]));
    };
    const range: Range = '30m';
    let over = false;
    void history.prepare(scopeOf(3), range)!.finally(() => (over = true));
    while (!over) {
      push(history);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const shown = structuredClone(history.followed.of(3, range));
    const { history: anew } = hour();
    const until = second;
    for (second = SECONDS; second < until;) push(anew);
    const { current, previous } = anew.followed.of(3, range);
    expect(shown).toMatchObject({ current, previous });
    expect(until - SECONDS).toBeGreaterThan(10);
  });
});

describe('a fixed window of an hour', () => {
  it('is added up in slices', async () => {
    const { history, turns } = hour();
    const services = new Map(Array.from({ length: ROUTES }, (_, id) => [id, 'chat'] as const));
    const work = sumWindow(history.timeline, windowSpan(0, SECONDS * 1_000), services, turns.clock());
    const { most, all } = await busiestTurn(turns, work);
    expect(most).toBeLessThan(MOST_IN_A_TURN);
    // Each second once for its sample and once for the sums.
    expect(all).toBe(2 * SECONDS);
    const { samples, current } = await work;
    expect([samples.length, current.seconds]).toEqual([180, SECONDS]);
  });
});
