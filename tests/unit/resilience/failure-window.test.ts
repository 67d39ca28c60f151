import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFailureWindow } from '../../../lib/resilience/failure-window.ts';

it('counts exactly the calls of this tenth of the window and the nine before', () => {
  const record = fc.record({ after: fc.nat(300), failed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 80 }), fc.nat(5_000), (records, start) => {
      let now = start;
      const window = createFailureWindow(1_000, () => now);
      const made: { part: number; failed: boolean }[] = [];
      for (const { after, failed } of records) {
        now += after;
        window.record(failed);
        made.push({ part: Math.floor(now / 100), failed });
        const counted = made.filter(({ part }) => part > Math.floor(now / 100) - 10);
        expect(window.calls).toBe(counted.length);
        expect(window.failures).toBe(counted.filter((each) => each.failed).length);
      }
      window.reset();
      expect([window.calls, window.failures]).toEqual([0, 0]);
    }),
  );
});

it('takes a window of nothing for one of ten milliseconds', () => {
  let now = 0;
  const window = createFailureWindow(0, () => now);
  window.record(true);
  now = 9;
  window.record(true);
  expect(window.failures).toBe(2);
  now = 10;
  window.record(false);
  expect([window.calls, window.failures]).toEqual([2, 1]);
});
