import { describe, expect, it } from 'vitest';
import { entityTag, noneMatchFails } from '../../../lib/http/entity-tag.ts';

describe('entity tags', () => {
  const tag = entityTag('{"a":1}');

  it('are weak, the same for the same text and different for another', () => {
    expect(tag).toMatch(/^W\/"[\w-]+"$/);
    expect(entityTag('{"a":1}')).toBe(tag);
    expect(entityTag('{"a":2}')).not.toBe(tag);
  });

  it('match If-None-Match weakly, in a list, or by *', () => {
    expect(noneMatchFails(tag, tag)).toBe(true);
    expect(noneMatchFails(tag.slice(2), tag)).toBe(true);
    expect(noneMatchFails(`"x", ${tag}`, tag)).toBe(true);
    expect(noneMatchFails(' * ', tag)).toBe(true);
    expect(noneMatchFails('"x"', tag)).toBe(false);
    expect(noneMatchFails(null, tag)).toBe(false);
  });
});
