import { describe, expect, it } from 'vitest';
import { isSameHost } from '../../../lib/live/same-host.ts';

describe('isSameHost', () => {
  it.each([
    [undefined, 'localhost:3000', true],
    ['http://localhost:3000', 'localhost:3000', true],
    ['https://Pitwall.example', 'PITWALL.example', true],
    ['http://localhost:3001', 'localhost:3000', false],
    ['http://evil.example', 'localhost:3000', false],
    ['http://localhost:3000.evil.example', 'localhost:3000', false],
    ['null', 'localhost:3000', false],
    ['', 'localhost:3000', false],
    ['http://localhost:3000', undefined, false],
  ])('a page of %s may read along on %s: %s', (origin, host, may) => {
    expect(isSameHost({ origin, host })).toBe(may);
  });
});
