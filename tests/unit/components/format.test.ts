import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  UNKNOWN,
  changeOf,
  formatByteRate,
  formatBytes,
  formatBytesOf,
  formatCount,
  formatCounted,
  formatDuration,
  formatLatency,
  formatNumber,
  formatPercent,
  formatSi,
  formatTime,
  formatWhen,
  plural,
  withUnit,
} from '@/components/ui/format';

const anything = fc.oneof(
  fc.double(),
  fc.double({ min: -1e-3, max: 1e-3 }),
  fc.double({ min: 0, max: 2_000 }),
  fc.integer(),
  fc.constantFrom(null, undefined, NaN, Infinity, -Infinity, -0, 0, 999.5, 9_995, 1023.6, Number.MAX_VALUE),
);

const FORMATS: Record<string, (value: number | null | undefined) => string> = {
  number: formatNumber,
  count: formatCount,
  si: formatSi,
  percent: formatPercent,
  latency: (value) => formatLatency(value).value,
  byteRate: (value) => formatByteRate(value).value,
  bytes: (value) => formatBytes(value).value,
  duration: formatDuration,
  time: formatTime,
};

describe.each(Object.entries(FORMATS))('%s', (_name, format) => {
  test('never says NaN, Infinity, undefined or minus nothing', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const text = format(value);
        expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
        expect(text).not.toMatch(/^-0( |$)/);
        expect(text.trim()).not.toBe('');
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([null, undefined, NaN, Infinity, -Infinity])('says "–" for %s', (value) => {
    expect(format(value)).toBe(UNKNOWN);
  });
});

test('numbers have at most three significant digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 9.99e5, noNaN: true }), (value) => {
      const digits = formatNumber(value).replace(/\D/g, '').replace(/^0+/, '').replace(/0+$/, '');
      expect(digits.length).toBeLessThanOrEqual(3);
    }),
  );
});

test('what is more never reads as less', () => {
  const shown = (value: number) => Number(formatNumber(value).replaceAll(',', '').replace('<', ''));
  const amounts = fc.double({ min: 0, max: 9.99e5, noNaN: true });
  fc.assert(
    fc.property(amounts, amounts, (a, b) => {
      expect(shown(Math.max(a, b))).toBeGreaterThanOrEqual(shown(Math.min(a, b)));
    }),
  );
});

test('numbers are short, whatever is counted', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (value) => {
      for (const format of [formatSi, formatCount]) expect(format(value).length).toBeLessThanOrEqual(6);
      expect(formatBytes(value).value.length).toBeLessThanOrEqual(6);
    }),
  );
});

test('numbers stay within half a percent of the truth', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 9.99e5, noNaN: true }), (value) => {
      const shown = Number(formatNumber(value).replaceAll(',', ''));
      expect(Math.abs(shown - value) / value).toBeLessThan(0.0051);
    }),
  );
});

test.each([
  [0, '0'],
  [0.004, '<0.01'],
  [0.0149, '0.01'],
  [0.914, '0.91'],
  [1.2, '1.2'],
  [12.34, '12.3'],
  [123.4, '123'],
  [1_240, '1,240'],
  [-12.34, '-12.3'],
  [-0.0001, '0'],
  [0.00999, '<0.01'],
  [0.01, '0.01'],
  [9.994, '9.99'],
  [9.996, '10'],
  [999.4, '999'],
  [999.5, '1,000'],
  [-999.5, '-1,000'],
])('%d is %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [999.4, '999'],
  [999.5, '1k'],
  [-999.5, '-1k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [12_345, '12.3k'],
  [4_560_000, '4.56M'],
])('%d with a prefix is %s', (value, text) => {
  expect(formatSi(value)).toBe(text);
});

test.each([
  [9_840, '9,840'],
  [999.5, '1,000'],
  [9_999.4, '9,999'],
  [9_999.5, '10k'],
  [-9_999.5, '-10k'],
  [38_120, '38.1k'],
  [-0, '0'],
])('a count of %d is %s', (value, text) => {
  expect(formatCount(value)).toBe(text);
});

test.each([
  [0, '0'],
  [0.00001, '<0.01'],
  [0.915, '91.5'],
  [0.9994, '99.9'],
  [0.9996, '99.9'],
  [1 - 1e-12, '99.9'],
  [1, '100'],
  [1.204, '120'],
  [-0.5, '-50'],
])('a ratio of %d is %s percent', (ratio, text) => {
  expect(formatPercent(ratio)).toBe(text);
});

test('latencies turn into seconds where milliseconds would be long', () => {
  expect(formatLatency(0.439)).toEqual({ value: '0.439', unit: 'ms' });
  expect(formatLatency(1_240)).toEqual({ value: '1,240', unit: 'ms' });
  expect(formatLatency(9_994)).toEqual({ value: '9,990', unit: 'ms' });
  expect(formatLatency(9_995)).toEqual({ value: '10', unit: 's' });
  expect(formatLatency(-9_995)).toEqual({ value: '-10', unit: 's' });
  expect(formatLatency(12_400)).toEqual({ value: '12.4', unit: 's' });
  expect(formatLatency(0.0004)).toEqual({ value: '<0.001', unit: 'ms' });
});

test('a quantity in one text has its unit after it, and a count its noun', () => {
  expect(withUnit(formatLatency(null))).toBe('– ms');
  expect([0, 1, 2].map((count) => plural(count, 'entry', 'entries'))).toEqual(['entries', 'entry', 'entries']);
  expect([null, 0, 1, 38_120].map((count) => formatCounted(count, 'worker'))).toEqual([
    '– workers',
    '0 workers',
    '1 worker',
    '38.1k workers',
  ]);
});

test('bytes are SI as a rate, IEC as memory', () => {
  expect(formatByteRate(1_572_864)).toEqual({ value: '1.5', unit: 'MiB/s' });
  expect(formatBytes(67_108_864)).toEqual({ value: '64', unit: 'MiB' });
  expect(formatBytes(1_023.4)).toEqual({ value: '1,020', unit: 'B' });
  expect(formatBytes(1_023.5)).toEqual({ value: '1', unit: 'KiB' });
  expect(formatByteRate(1_023.5)).toEqual({ value: '1', unit: 'KiB/s' });
  expect([0, 1_024, 33_554_432, 67_108_864].map((bytes) => formatBytesOf(bytes, 67_108_864))).toEqual([
    '0',
    '<0.01',
    '32',
    '64',
  ]);
  expect(formatBytesOf(512, 1_000)).toBe('512');
  expect(formatBytes(null)).toEqual({ value: UNKNOWN, unit: 'MiB' });
});

test.each([
  [-5, '0 s'],
  [12_400, '12 s'],
  [59_600, '1 min'],
  [245_000, '4 min'],
  [3_600_000, '1 h'],
  [3_900_000, '1 h 5 min'],
  [86_399_400, '23 h 59 min'],
  [100_800_000, '1 d 4 h'],
  [3 * 86_400_000, '3 d'],
  [10.5 * 86_400_000, '10 d'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('times are the reader’s, with or without seconds', () => {
  const at = new Date(2026, 10, 21, 4, 5, 6).getTime();
  expect(formatTime(at)).toBe('04:05:06');
  expect(formatTime(at, false)).toBe('04:05');
  expect(formatTime(9e15)).toBe(UNKNOWN);
});

describe('a change against the period before', () => {
  test.each([
    [null, 1, null],
    [1, null, null],
    [5, 0, null],
    [0, 0, { direction: 'same', text: 'same' }],
    [100.2, 100, { direction: 'same', text: 'same' }],
    [110, 100, { direction: 'up', text: '10 %' }],
    [25, 100, { direction: 'down', text: '75 %' }],
    [1_200, 100, { direction: 'up', text: '12×' }],
  ] as const)('from %s relative to %s', (now, before, change) => {
    expect(changeOf(now, before, 'relative')).toEqual(change);
  });

  test('of ratios is in points', () => {
    expect(changeOf(0.914, 0.9, 'points')).toEqual({ direction: 'up', text: '1.4 pt' });
    expect(changeOf(0.9, 0.9001, 'points')).toEqual({ direction: 'same', text: 'same' });
  });

  test('never says NaN or Infinity', () => {
    fc.assert(
      fc.property(anything, anything, fc.constantFrom('relative', 'points'), (now, before, kind) => {
        expect(changeOf(now, before, kind as 'relative')?.text ?? '').not.toMatch(/NaN|Infinity|-/);
      }),
    );
  });
});

test('a moment says its day where that is another than today’s', () => {
  const now = new Date(2026, 10, 27, 0, 30).getTime();
  expect(formatWhen(new Date(2026, 10, 27, 0, 4, 9).getTime(), now)).toBe('00:04:09');
  expect(formatWhen(new Date(2026, 10, 26, 23, 59, 59).getTime(), now)).toBe('26 Nov 23:59');
  expect(formatWhen(null, now)).toBe(UNKNOWN);
});
