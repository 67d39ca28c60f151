import { describe, expect, it } from 'vitest';
import { durationWords, timeText } from '../../../lib/kernel/time-text.ts';

describe('a length of time', () => {
  it('is told in seconds while those are few, then in at most two units', () => {
    expect([0, 250, 5_576, 60_400, 119_000, 120_000, 185_400].map(timeText)).toEqual([
      '0 s',
      '0.25 s',
      '5.58 s',
      '60 s',
      '119 s',
      '2 min',
      '3 min 5 s',
    ]);
    expect([3_600_000, 7_800_000, 86_400_000, 172_800_000, 187_200_000, -3_000].map(timeText)).toEqual([
      '1 h',
      '2 h 10 min',
      '24 h',
      '2 d',
      '2 d 4 h',
      '-3 s',
    ]);
  });

  it('carries what is rounded up to the larger unit', () => {
    expect([7_199_000, 259_199_000].map(durationWords)).toEqual(['2 h', '3 d']);
  });
});
