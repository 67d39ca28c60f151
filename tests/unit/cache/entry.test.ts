import { describe, expect, it } from 'vitest';
import { ENTRY_OVERHEAD, entryBytes } from '../../../lib/cache/entry.ts';
import { sampleEntry } from '../../suites/level.ts';

describe('entryBytes', () => {
  it('counts every string and the body', () => {
    const entry = sampleEntry({
      key: 'key',
      statusMessage: 'OK',
      headers: ['A', 'bc'],
      vary: ['v'],
      varyValues: ['wxyz'],
      tags: ['tag', 't'],
      body: Buffer.alloc(100),
    });
    expect(entryBytes(entry)).toBe(ENTRY_OVERHEAD + 3 + 2 + 3 + 1 + 4 + 4 + 100);
  });
});
