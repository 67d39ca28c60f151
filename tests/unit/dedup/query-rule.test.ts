import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueryRule, type QueryPolicy } from '../../../lib/dedup/query-rule.ts';

const rule = (policy: Partial<QueryPolicy>) => createQueryRule({ sort: false, drop: [], keep: ['*'], ...policy });

describe('createQueryRule', () => {
  it.each(['', '?', '?b=1&a=2', '?a&&b=', '?%zz'])('leaves %j as it is without a policy', (query) => {
    expect(rule({})(query)).toBe(query);
  });

  it.each([
    ['?a=1&utm_source=x&b=2&utm_', '?a=1&b=2'],
    ['?utm%5Fsource=x&UTM_X=1', '?UTM_X=1'],
    ['?%75tm_source=x', ''],
    ['?fbclid', ''],
    ['?fbclid2=1&a=fbclid', '?fbclid2=1&a=fbclid'],
    ['?', ''],
    ['?&&a', '?a'],
    ['?my+id=1&a=1', '?a=1'],
    ['?%ff=1', '?%ff=1'],
  ])('drops: %j is %j', (query, expected) => {
    expect(rule({ drop: ['utm_*', 'fbclid', 'my id'] })(query)).toBe(expected);
  });

  it('keeps a list, less what is dropped', () => {
    expect(rule({ keep: ['page', 'q*'] })('?page=1&x=2&query=3&page=4')).toBe('?page=1&query=3&page=4');
    expect(rule({ keep: ['q*'], drop: ['qx'] })('?qx=1&qy=2')).toBe('?qy=2');
    expect(rule({ keep: [] })('?a=1')).toBe('');
  });

  it('sorts by name, and leaves those of one name in their order', () => {
    expect(rule({ sort: true })('?b=2&a=z&b=1&a=y&%61=x')).toBe('?a=z&a=y&%61=x&b=2&b=1');
  });

  it('is idempotent, adds nothing, and keeps the order of equals', () => {
    const part = fc.constantFrom('a=1', 'a=2', 'b', 'utm_x=1', '%61=3', 'c=%zz', '', 'utm_', 'B=1');
    const policies = fc.record({
      sort: fc.boolean(),
      drop: fc.constantFrom<string[]>([], ['utm_*'], ['a']),
      keep: fc.constantFrom<string[]>(['*'], ['a', 'b'], []),
    });
    fc.assert(
      fc.property(fc.array(part), policies, (parts, policy) => {
        const apply = createQueryRule(policy);
        const once = apply(`?${parts.join('&')}`);
        expect(apply(once)).toBe(once);
        const left = once.slice(1).split('&').filter(Boolean);
        for (const text of left) expect(parts).toContain(text);
        const ofA = (of: string[]) => of.filter((text) => text.startsWith('a='));
        if (policy.keep.length !== 0 && !policy.drop.includes('a')) expect(ofA(left)).toEqual(ofA(parts));
      }),
    );
  });
});
