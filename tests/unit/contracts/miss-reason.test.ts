import { expect, test } from 'vitest';
import { MISS_REASON, missReasonText, reasonShares } from '../../../lib/contracts/miss-reason.ts';

test('shares are of all that missed, over all routes, the most frequent first', () => {
  const shares = reasonShares([
    { cold: 1, expired: 5 },
    { cold: 2, vary: 2 },
  ]);
  expect(shares).toEqual([
    { reason: 'expired', count: 5, share: 0.5 },
    { reason: 'cold', count: 3, share: 0.3 },
    { reason: 'vary', count: 2, share: 0.2 },
  ]);
  expect(reasonShares([{}])).toEqual([]);
});

test('a reason that another version gives has no text, whatever it is called', () => {
  expect(missReasonText('set-cookie')).toBe(MISS_REASON['set-cookie']);
  for (const other of ['phase-of-the-moon', 'toString', null, undefined]) expect(missReasonText(other)).toBeUndefined();
});
