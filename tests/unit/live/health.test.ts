import { describe, expect, it } from 'vitest';
import {
  assessHealth,
  createHealthWatch,
  timeOfDay,
  type Assessment,
  type HealthInput,
} from '../../../lib/live/health.ts';
import type { ServiceState } from '../../../lib/contracts/overview.ts';
import type { BreakerState } from '../../../lib/contracts/traffic.ts';

const SINCE = Date.UTC(2026, 0, 1, 12, 3, 10);

function service(...breakers: BreakerState[]): ServiceState {
  const targets = breakers.map((breaker, i) => ({
    url: `http://t${i}`,
    breaker,
    since: SINCE + i * 1_000,
    triedAt: null,
    lastFailure: null,
  }));
  return { service: 'chat', sample: false, mode: 'cache', modeReason: null, modeUntil: null, targets };
}

function look(given: Partial<HealthInput> = {}): Assessment {
  const well: HealthInput = {
    silentMs: 0,
    missing: undefined,
    services: [],
    requests: 100,
    errors: 0,
    stale: 0,
    lastMinute: 600,
  };
  return assessHealth({ ...well, ...given });
}

describe('assessHealth', () => {
  it('is unknown before the first answer and after 3 s of silence', () => {
    expect(look({ silentMs: undefined })).toEqual({ state: 'unknown', why: "The gateway hasn't answered yet" });
    expect(look({ silentMs: 2_999 }).state).toBe('healthy');
    expect(look({ silentMs: 3_000 })).toEqual({ state: 'unknown', why: "The gateway doesn't answer" });
  });

  it('is degraded over 5 % of 5xx and failing over 25 % of at least 10 requests', () => {
    expect(look({ errors: 5 }).state).toBe('healthy');
    expect(look({ errors: 6 })).toEqual({ state: 'degraded', why: '6.0 % of responses were 5xx in the last 10 s' });
    expect(look({ errors: 25 }).state).toBe('degraded');
    expect(look({ errors: 26 })).toEqual({ state: 'failing', why: '26 % of responses were 5xx in the last 10 s' });
    expect(look({ requests: 9, errors: 9 }).state).toBe('degraded');
    expect(look({ requests: 10, errors: 10 }).state).toBe('failing');
  });

  it('names the breaker that has been open longest, and whether stale answers go out', () => {
    const at = timeOfDay(SINCE);
    expect(look({ services: [service('open')] })).toEqual({
      state: 'degraded',
      why: `Breaker of http://t0 open since ${at}`,
      began: SINCE,
    });
    expect(look({ services: [service('held-open', 'open')], stale: 1 }).why).toBe(
      `Breaker of http://t0 held open since ${at} and 1 more; serving stale`,
    );
    expect(look({ services: [service('open')], errors: 50 }).state).toBe('failing');
  });

  it('is degraded while somebody who ought to answer doesn’t, whatever the traffic looks like', () => {
    const missing = "1 of 3 instances doesn't answer: edge-b";
    expect(look({ missing })).toEqual({ state: 'degraded', why: missing });
    expect(look({ missing, lastMinute: 0, requests: 0 })).toEqual({ state: 'degraded', why: missing });
    expect(look({ missing, errors: 6 }).why).toBe(missing);
    expect(look({ missing, services: [service('open')] }).why).toMatch(/^Breaker of/);
    expect(look({ missing, errors: 50 }).state).toBe('failing');
    expect(look({ missing, silentMs: 3_000 }).state).toBe('unknown');
  });

  it('takes a breaker that is tried again for the outage that it still is', () => {
    const [chat] = [service('half-open')];
    expect(look({ services: [chat!] }).why).toBe(`Breaker of http://t0 half-open since ${timeOfDay(SINCE)}`);
    const targets = chat!.targets.map((target) => ({ ...target, triedAt: SINCE + 5_000 }));
    expect(look({ services: [{ ...chat!, targets }] })).toEqual({
      state: 'degraded',
      why: `Breaker of http://t0 open since ${timeOfDay(SINCE)}, last tried ${timeOfDay(SINCE + 5_000)}`,
      began: SINCE,
    });
  });

  it('takes closed and held-closed breakers for healthy', () => {
    expect(look({ services: [service('closed', 'held-closed')] }).state).toBe('healthy');
  });

  it('says in words what is well', () => {
    expect(look().why).toBe('No errors, no breaker open');
    expect(look({ errors: 1 }).why).toBe('No breaker open; 1.0 % of responses were 5xx in the last 10 s');
    expect(look({ requests: 0, lastMinute: 0 })).toEqual({ state: 'healthy', why: 'No requests in the last minute' });
  });
});

describe('createHealthWatch', () => {
  const healthy: Assessment = { state: 'healthy', why: 'fine' };
  const degraded: Assessment = { state: 'degraded', why: 'bad' };
  const failing: Assessment = { state: 'failing', why: 'worse' };
  const unknown: Assessment = { state: 'unknown', why: 'silent' };

  /** Feeds a watch one assessment a second; the states after each. */
  function over(first: Assessment, ...seconds: Assessment[]) {
    const watch = createHealthWatch(first, 0);
    return seconds.map((now, i) => watch.update(now, (i + 1) * 1_000, (i + 1) * 1_000));
  }
  const times = (n: number, what: Assessment): Assessment[] => Array.from({ length: n }, () => what);

  it('turns after 5 s of bad, dated from when it began', () => {
    const states = over(healthy, ...times(6, degraded));
    expect(states.map(({ state }) => state)).toEqual([...times(5, healthy), degraded].map(({ state }) => state));
    expect(states.at(-1)).toEqual({ ...degraded, since: 1_000 });
  });

  it('starts over when a good second comes between', () => {
    expect(over(healthy, ...times(4, degraded), healthy, ...times(5, degraded)).at(-1)?.state).toBe('healthy');
  });

  it('returns after 15 s of good, and says meanwhile that it recovers', () => {
    const states = over(degraded, ...times(16, healthy));
    expect(states[14]).toEqual({
      state: 'degraded',
      why: `Recovering since ${timeOfDay(1_000)}; was: bad`,
      since: 0,
    });
    expect(states[15]).toEqual({ ...healthy, since: 1_000 });
  });

  it('a relapse while recovering keeps the first date', () => {
    const last = over(degraded, ...times(10, healthy), { state: 'degraded', why: 'again' }).at(-1);
    expect(last).toEqual({ state: 'degraded', why: 'again', since: 0 });
  });

  it('gets worse from degraded to failing, and better from failing to degraded', () => {
    expect(over(degraded, ...times(6, failing)).at(-1)).toEqual({ ...failing, since: 1_000 });
    expect(over(failing, ...times(16, degraded)).at(-1)).toEqual({ ...degraded, since: 1_000 });
  });

  it('gets worse at the moment that is known, not when it was looked at', () => {
    const opened: Assessment = { ...degraded, began: 400 };
    expect(over(healthy, ...times(6, opened)).at(-1)).toEqual({ ...degraded, since: 400 });
    expect(over(failing, ...times(16, opened)).at(-1)).toEqual({ ...degraded, since: 1_000 });
    expect(over(unknown, opened)[0]).toEqual({ ...degraded, since: 400 });
    // Errors came before the breaker opened.
    const [fails, opens] = [times(2, failing), times(6, { ...degraded, began: 2_700 })];
    expect(over(healthy, ...fails, ...opens).at(-1)).toEqual({ ...degraded, since: 1_000 });
  });

  it('turns unknown at once, and back at once', () => {
    const states = over(healthy, unknown, unknown, degraded);
    expect(states[0]).toEqual({ ...unknown, since: 1_000 });
    expect(states[1]).toEqual({ ...unknown, since: 1_000 });
    expect(states[2]).toEqual({ ...degraded, since: 3_000 });
  });

  it('measures by the monotonic clock: a step of the wall clock turns nothing', () => {
    const watch = createHealthWatch(healthy, 0);
    watch.update(degraded, 1_000, 1_000);
    expect(watch.update(degraded, 3_600_000, 2_000).state).toBe('healthy');
    expect(watch.health.since).toBe(0);
  });
});
