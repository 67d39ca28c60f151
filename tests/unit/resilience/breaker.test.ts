import { describe, expect, it } from 'vitest';
import type { BreakerLimits } from '../../../lib/resilience/breaker.ts';
import { LIMITS, scene, trip, type Scene } from './breaker-scene.ts';

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

describe('whether it would admit a call', () => {
  it('is what it does next, and asking moves nothing', () => {
    const it = scene({ probes: 1 });
    const asked = (): boolean => {
      const { changes } = it;
      const before = changes.length;
      const { wouldAdmit } = it.breaker;
      expect(changes).toHaveLength(before);
      return wouldAdmit;
    };
    expect(asked()).toBe(true);
    trip(it);
    expect(asked()).toBe(false);
    it.clock.advance(100);
    expect([asked(), it.breaker.state.kind]).toEqual([true, 'open']);
    const probe = it.call();
    expect(asked()).toBe(false);
    probe.cancel();
    expect(asked()).toBe(true);
    it.breaker.hold('open');
    expect(asked()).toBe(false);
    it.breaker.hold('closed');
    expect(asked()).toBe(true);
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
