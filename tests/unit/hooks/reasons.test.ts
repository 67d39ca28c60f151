import { expect, test } from 'vitest';
import { unknownSample } from '@/hooks/fold-tick';
import { MOST_REASONS, chartReasons, toReasonPoints } from '@/hooks/reasons';
import type { MissReason } from '@/lib/contracts/traffic';

test('a chart tells the most frequent reasons apart, and always the one that is looked at', () => {
  const names: MissReason[] = ['cold', 'expired', 'vary', 'cleared', 'method', 'range', 'cookie'];
  const shares = names.map((reason, i) => ({ reason, count: 10 - i, share: 0.1 }));
  expect(chartReasons(shares, null)).toEqual(names.slice(0, MOST_REASONS));
  expect(chartReasons(shares, 'vary')).toEqual(names.slice(0, MOST_REASONS));
  expect(chartReasons(shares, 'cookie')).toEqual([...names.slice(0, MOST_REASONS - 1), 'cookie']);
  expect(chartReasons([], 'cookie')).toEqual(['cookie']);
});

test('its points add up to all misses; an unknown step is a gap', () => {
  const known = { ...unknownSample(2_000), known: true, reasons: { cold: 1, vary: 2, method: 4 } };
  const [gap, point] = toReasonPoints([unknownSample(1_000), known], ['vary', 'expired']);
  expect(gap).toEqual({ at: 1_000, vary: null, expired: null, other: null });
  expect(point).toEqual({ at: 2_000, vary: 2, expired: 0, other: 5 });
});
