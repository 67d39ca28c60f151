import { describe, expect, it } from 'vitest';
import { currentAge, isFresh, mayServeStale } from '../../../lib/http-cache/freshness.ts';

describe('freshness', () => {
  it('ages from the initial age, never backwards', () => {
    const entry = { storedAt: 1_000, initialAge: 250 };
    expect(currentAge(entry, 1_000)).toBe(250);
    expect(currentAge(entry, 1_750)).toBe(1_000);
    expect(currentAge(entry, 900)).toBe(250);
  });

  it('is fresh up to, not at, its end', () => {
    expect(isFresh({ freshUntil: 10 }, 9.99)).toBe(true);
    expect(isFresh({ freshUntil: 10 }, 10)).toBe(false);
  });

  it('serves stale within the grace that was asked about', () => {
    const entry = { freshUntil: 5, staleWhileRevalidateUntil: 10, staleIfErrorUntil: 20, mustRevalidate: false };
    expect(mayServeStale(entry, 9, 'revalidate')).toBe(true);
    expect(mayServeStale(entry, 10, 'revalidate')).toBe(false);
    expect(mayServeStale(entry, 10, 'error')).toBe(true);
    expect(mayServeStale(entry, 20, 'error')).toBe(false);
  });

  it('does not take what is left of freshness for grace', () => {
    const entry = { freshUntil: 10, staleWhileRevalidateUntil: 10, staleIfErrorUntil: 11, mustRevalidate: false };
    expect(mayServeStale(entry, 9, 'revalidate')).toBe(false);
    expect(mayServeStale(entry, 9, 'error')).toBe(true);
  });

  it('never serves stale what must be revalidated', () => {
    const entry = { freshUntil: 5, staleWhileRevalidateUntil: 10, staleIfErrorUntil: 20, mustRevalidate: true };
    expect(mayServeStale(entry, 0, 'revalidate')).toBe(false);
    expect(mayServeStale(entry, 0, 'error')).toBe(false);
  });
});
