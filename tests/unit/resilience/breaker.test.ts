import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createBreaker,
  type Breaker,
  type BreakerCall,
  type BreakerChange,
  type BreakerLimits,
} from '../../../lib/resilience/breaker.ts';
import { manualClock, type ManualClock } from '../../../lib/kernel/clock.ts';

const LIMITS: BreakerLimits = {
  failures: 3,
  ratio: 0.5,
  minimumCalls: 10,
  window: 1_000,
  openFor: 100,
  maxOpenFor: 1_000,
  probes: 2,
};

interface Scene {
  readonly clock: ManualClock;
  readonly breaker: Breaker;
  readonly changes: BreakerChange[];
  call(): BreakerCall;
}

/** The jitter is nil unless `random` says otherwise. */
function scene(limits: Partial<BreakerLimits> = {}, random = (): number => 0.5): Scene {
  const clock = manualClock();
  const changes: BreakerChange[] = [];
  const onChange = (change: BreakerChange): void => void changes.push(change);
  const breaker = createBreaker({ ...LIMITS, ...limits }, { clock, random, onChange });
  const call = (): BreakerCall => {
    const admitted = breaker.admit();
    if (admitted === undefined) throw new Error('refused');
    return admitted;
  };
  return { clock, breaker, changes, call };
}

function trip({ call }: Scene, times = LIMITS.failures): void {
  for (let i = 0; i < times; i++) call().fail('timeout');
}

describe('a closed breaker', () => {
  it('opens on failures in a row, and says why', () => {
    const it = scene();
    trip(it, 2);
    it.call().succeed();
    trip(it, 2);
    expect(it.breaker.state).toEqual({ kind: 'closed' });
    expect(it.breaker.retryAfterMs()).toBe(0);
    it.call().fail('connection refused');
    expect(it.breaker.state).toEqual({
      kind: 'open',
      until: 100,
      retryAfterMs: 100,
      why: '3 failures in a row, last: connection refused',
    });
    expect(it.breaker.lastFailure).toBe('connection refused');
    expect(it.breaker.admit()).toBeUndefined();
    expect(it.changes).toEqual([{ from: 'closed', to: 'open', why: '3 failures in a row, last: connection refused' }]);
  });

  it('opens on the share of failures, once there were enough calls', () => {
    const it = scene({ failures: 100 });
    for (let i = 0; i < 4; i++) {
      it.call().fail('500');
      it.call().succeed();
    }
    it.call().fail('500');
    expect(it.breaker.state.kind).toBe('closed');
    it.call().fail('502');
    expect(it.breaker.state).toMatchObject({ kind: 'open', why: '6 of 10 calls failed, last: 502' });
  });

  it('doesn’t open on a success, even if that makes up the number of calls', () => {
    const it = scene({ failures: 100 });
    trip(it, 9);
    it.call().succeed();
    expect(it.breaker.state.kind).toBe('closed');
    it.call().fail('500');
    expect(it.breaker.state.kind).toBe('open');
  });

  it('forgets calls that left the window, part by part', () => {
    const it = scene({ failures: 100, minimumCalls: 4 });
    trip(it, 3);
    it.clock.advance(500);
    for (let i = 0; i < 4; i++) it.call().succeed();
    it.clock.advance(500);
    trip(it, 3);
    expect(it.breaker.state.kind).toBe('closed');
    it.call().fail('500');
    expect(it.breaker.state).toMatchObject({ why: '4 of 8 calls failed, last: 500' });
    it.clock.advance(100);
    for (let i = 0; i < 2; i++) it.call().succeed();
    it.clock.advance(5_000);
    trip(it, 3);
    expect(it.breaker.state.kind).toBe('closed');
    it.call().fail('500');
    expect(it.breaker.state.kind).toBe('open');
  });

  it('counts each call once, whatever is said of it later', () => {
    const it = scene({ failures: 2 });
    const one = it.call();
    one.fail('a');
    one.fail('b');
    one.succeed();
    one.cancel();
    expect(it.breaker.state.kind).toBe('closed');
    expect(it.breaker.lastFailure).toBe('a');
    const left = it.call();
    left.cancel();
    left.fail('c');
    expect(it.breaker.state.kind).toBe('closed');
    it.call().fail('d');
    expect(it.breaker.state.kind).toBe('open');
  });
});

describe('the pause', () => {
  it('doubles with every opening up to its bound, and starts anew once closed', () => {
    const it = scene({ probes: 1 });
    trip(it);
    for (const pause of [100, 200, 400, 800, 1_000, 1_000]) {
      expect(it.breaker.retryAfterMs()).toBe(pause);
      it.clock.advance(pause - 1);
      expect(it.breaker.admit()).toBeUndefined();
      expect(it.breaker.retryAfterMs()).toBe(1);
      it.clock.advance(1);
      it.call().fail('still down');
    }
    it.clock.advance(1_000);
    it.call().succeed();
    expect(it.breaker.state.kind).toBe('closed');
    trip(it);
    expect(it.breaker.retryAfterMs()).toBe(100);
  });

  it('is as long as the origin asks, within its bound', () => {
    for (const [asked, pause] of [
      [50, 100],
      [700, 700],
      [60_000, 1_000],
    ] as const) {
      const it = scene();
      it.call().fail('503', asked);
      trip(it, 2);
      expect(it.breaker.retryAfterMs()).toBe(pause);
    }
  });

  it('heeds no advice from before a success', () => {
    const it = scene();
    it.call().fail('503', 700);
    it.call().succeed();
    trip(it);
    expect(it.breaker.retryAfterMs()).toBe(100);
  });

  it('goes by the monotonic clock', () => {
    const it = scene();
    trip(it);
    it.clock.stepWall(1_000_000);
    expect(it.breaker.admit()).toBeUndefined();
    it.clock.stepWall(-2_000_000);
    it.clock.advance(100);
    expect(it.breaker.admit()).toBeDefined();
  });
});

describe('a half-open breaker', () => {
  function probing(limits: Partial<BreakerLimits> = {}): Scene {
    const it = scene(limits);
    trip(it);
    it.clock.advance(100);
    return it;
  }

  it('lets few probes through and closes when enough succeeded', () => {
    const it = probing();
    const first = it.call();
    const second = it.call();
    expect(it.breaker.state).toEqual({ kind: 'half-open', probing: 2, succeeded: 0 });
    expect(it.breaker.admit()).toBeUndefined();
    expect(it.breaker.retryAfterMs()).toBe(100);
    first.succeed();
    expect(it.breaker.state).toEqual({ kind: 'half-open', probing: 1, succeeded: 1 });
    expect(it.breaker.retryAfterMs()).toBe(0);
    second.succeed();
    expect(it.changes.map(({ from, to }) => `${from}>${to}`)).toEqual([
      'closed>open',
      'open>half-open',
      'half-open>closed',
    ]);
  });

  it('opens again on one failure, and the other probe no longer counts', () => {
    const it = probing();
    const first = it.call();
    const second = it.call();
    first.fail('502', 900);
    expect(it.breaker.state).toMatchObject({ kind: 'open', retryAfterMs: 900, why: 'a probe failed: 502' });
    second.fail('late');
    expect(it.breaker.lastFailure).toBe('502');
    it.clock.advance(900);
    it.call().succeed();
    second.succeed();
    expect(it.breaker.state).toEqual({ kind: 'half-open', probing: 0, succeeded: 1 });
  });

  it('gives a cancelled probe’s place to the next', () => {
    const it = probing({ probes: 1 });
    const left = it.call();
    expect(it.breaker.admit()).toBeUndefined();
    left.cancel();
    left.cancel();
    const next = it.call();
    expect(it.breaker.admit()).toBeUndefined();
    next.succeed();
    expect(it.breaker.state.kind).toBe('closed');
  });

  it('doesn’t count results of calls admitted before it opened', () => {
    const it = scene();
    const [good, bad, left] = [it.call(), it.call(), it.call()];
    trip(it);
    it.clock.advance(100);
    it.call();
    good.succeed();
    bad.fail('late');
    left.cancel();
    expect(it.breaker.state).toEqual({ kind: 'half-open', probing: 1, succeeded: 0 });
  });
});

describe('a held breaker', () => {
  it('stays open until released, and comes back through probes', () => {
    const it = scene();
    it.breaker.hold('open');
    it.breaker.hold('open');
    it.clock.advance(1_000_000);
    expect(it.breaker.admit()).toBeUndefined();
    expect(it.breaker.state).toEqual({ kind: 'held-open' });
    expect(it.breaker.retryAfterMs()).toBe(LIMITS.maxOpenFor);
    it.breaker.hold('release');
    expect(it.breaker.state.kind).toBe('half-open');
    expect(it.changes.map(({ why }) => why)).toEqual(['held open by a person', 'released']);
  });

  it('stays closed whatever fails, and says what failed', () => {
    const it = scene();
    trip(it);
    it.breaker.hold('closed');
    trip(it, 50);
    it.call().succeed();
    it.call().cancel();
    expect(it.breaker.state).toEqual({ kind: 'held-closed' });
    expect(it.breaker.retryAfterMs()).toBe(0);
    expect(it.breaker.lastFailure).toBe('timeout');
    it.breaker.hold('release');
    expect(it.breaker.state).toEqual({ kind: 'closed' });
    it.breaker.hold('release');
    trip(it, 2);
    expect(it.breaker.state.kind).toBe('closed');
    expect(it.changes).toHaveLength(3);
  });
});

describe('the bounds', () => {
  type Step = { type: 'admit' | 'succeed' | 'fail' | 'cancel'; call: number } | { type: 'advance'; ms: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      type: fc.constantFrom('admit' as const, 'succeed' as const, 'fail' as const, 'cancel' as const),
      call: fc.nat(20),
    }),
    { weight: 2, arbitrary: fc.record({ type: fc.constant('admit' as const), call: fc.constant(0) }) },
    fc.record({ type: fc.constant('advance' as const), ms: fc.nat(400) }),
  );

  it('hold in any order of calls: probes, pauses, and no call let through while open', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120, size: 'max' }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 }),
        (steps, dice) => {
          let rolled = 0;
          const { breaker, clock, changes } = scene({}, () => dice[rolled++ % dice.length] as number);
          const calls: BreakerCall[] = [];
          const probes = new Set<BreakerCall>();
          let openings = 0;
          for (const each of steps) {
            const before = breaker.state;
            const seen = changes.length;
            if (each.type === 'advance') clock.advance(each.ms);
            else if (each.type === 'admit') {
              const due = before.kind === 'open' && clock.mono() >= before.until;
              const admitted = breaker.admit();
              if (before.kind === 'closed' || due) expect(admitted).toBeDefined();
              if (before.kind === 'open' && !due) expect(admitted).toBeUndefined();
              if (admitted !== undefined) calls.push(admitted);
              if (admitted !== undefined && breaker.state.kind === 'half-open') probes.add(admitted);
            } else {
              const call = calls[each.call % Math.max(1, calls.length)];
              if (call === undefined) continue;
              probes.delete(call);
              call[each.type](each.type);
            }
            for (const change of changes.slice(seen)) {
              if (change.to !== 'half-open') probes.clear();
              if (change.to === 'closed') openings = 0;
              if (change.to !== 'open') continue;
              const usual = Math.min(LIMITS.openFor * 2 ** openings, LIMITS.maxOpenFor * 2);
              expect(breaker.retryAfterMs()).toBeGreaterThanOrEqual(Math.min(LIMITS.maxOpenFor, usual * 0.8) - 1e-6);
              expect(breaker.retryAfterMs()).toBeLessThanOrEqual(Math.min(LIMITS.maxOpenFor, usual * 1.2) + 1e-6);
              openings++;
            }
            const { state } = breaker;
            if (state.kind === 'half-open') {
              expect(state.probing).toBe(probes.size);
              expect(state.probing).toBeLessThanOrEqual(LIMITS.probes);
              expect(state.succeeded).toBeLessThan(LIMITS.probes);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
