import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationText, sizeText } from '../../../lib/config/quantity-text.ts';
import { duration, size } from '../../../lib/contracts/quantity.ts';

describe('quantities as text', () => {
  it('uses the largest unit that fits', () => {
    expect([0, 250, 1_000, 1_500, 90_000, 120_000, 3_600_000, 86_400_000].map(durationText)).toEqual([
      '0',
      '250ms',
      '1s',
      '1500ms',
      '90s',
      '2m',
      '1h',
      '1d',
    ]);
    expect([0, 100, 1_024, 1_048_576, 1_073_741_824].map(sizeText)).toEqual(['0', '100B', '1KiB', '1MiB', '1GiB']);
  });

  it('means what a configuration means by it', () => {
    const whole = fc.integer({ min: 1, max: 10 ** 12 });
    fc.assert(fc.property(whole, (ms) => duration.parse(durationText(ms)) === ms));
    fc.assert(fc.property(whole, (bytes) => size.parse(sizeText(bytes)) === bytes));
  });
});
