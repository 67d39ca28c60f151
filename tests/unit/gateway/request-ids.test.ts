import { describe, expect, it } from 'vitest';
import { createRequestIds } from '../../../lib/gateway/request-ids.ts';

describe('request ids', () => {
  it('never repeat within a run, over many blocks of the counter', () => {
    const next = createRequestIds(() => 0.5);
    const seen = new Set(Array.from({ length: 100_000 }, next));
    expect(seen.size).toBe(100_000);
    for (const id of seen) expect(id).toMatch(/^[0-9a-z]{9,12}$/);
  });

  it('differ between runs by what was drawn', () => {
    expect(createRequestIds(() => 0.1)()).not.toBe(createRequestIds(() => 0.2)());
    expect(createRequestIds(() => 0)()).toBe('000000000');
  });
});
