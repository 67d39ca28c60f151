import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClearMode, type ClearScope, createClearLog } from '../../../lib/cache/clear-log.ts';

const entry = (clearNumber: number, key = 'k', tags: string[] = []) => ({ key, tags, clearNumber });

describe('clear log', () => {
  it('starts at 0 with everything live, and counts', () => {
    const log = createClearLog();
    expect(log.head).toBe(0);
    expect(log.verdict(entry(0))).toBe('live');
    expect(log.clear({ key: 'k' }, 'soft')).toBe(1);
    expect(log.clear({ all: true }, 'hard')).toBe(2);
    expect(log.head).toBe(2);
  });

  it.each<[ClearScope]>([[{ key: 'k' }], [{ tag: 't' }], [{ all: true }]])('clears %j, and no later entry', (scope) => {
    for (const mode of ['soft', 'hard'] as const) {
      const log = createClearLog();
      log.clear(scope, mode);
      expect(log.verdict(entry(0, 'k', ['s', 't']))).toBe(mode);
      expect(log.verdict(entry(1, 'k', ['s', 't']))).toBe('live');
      log.clear({ key: 'unrelated' }, 'hard');
      expect(log.verdict(entry(1, 'k', ['s', 't']))).toBe('live');
    }
  });

  it('leaves what does not match', () => {
    const log = createClearLog();
    log.clear({ key: 't' }, 'hard');
    log.clear({ tag: 'k' }, 'soft');
    expect(log.verdict(entry(0, 'k', ['t']))).toBe('live');
  });

  it('lets the stronger win, in either order', () => {
    const log = createClearLog();
    log.clear({ key: 'k' }, 'hard');
    log.clear({ key: 'k' }, 'soft');
    expect(log.verdict(entry(0))).toBe('hard');
    expect(log.verdict(entry(1))).toBe('soft');
    log.clear({ tag: 't' }, 'hard');
    expect(log.verdict(entry(1, 'k', ['t']))).toBe('hard');
    expect(log.verdict(entry(3, 'k', ['t']))).toBe('live');
  });

  it('folds the oldest into a clear of everything before it, and forgets nothing', () => {
    const log = createClearLog({ maxKeys: 2 });
    log.clear({ tag: 'a' }, 'soft');
    log.clear({ key: 'b' }, 'soft');
    expect(log.verdict(entry(0, 'other'))).toBe('live');
    log.clear({ key: 'c' }, 'soft');
    expect(log.verdict(entry(0, 'other'))).toBe('soft');
    expect(log.verdict(entry(1, 'other'))).toBe('live');
    expect(log.verdict(entry(1, 'b'))).toBe('soft');
    log.clear({ tag: 'd' }, 'soft');
    expect(log.verdict(entry(1, 'other'))).toBe('soft');
    expect(log.verdict(entry(2, 'other', ['d']))).toBe('soft');
  });

  it('renews a record instead of holding two', () => {
    const log = createClearLog({ maxKeys: 2 });
    log.clear({ key: 'a' }, 'soft');
    log.clear({ key: 'b' }, 'soft');
    for (let i = 0; i < 10; i++) log.clear({ key: 'a' }, 'soft');
    expect(log.verdict(entry(0, 'other'))).toBe('live');
    log.clear({ key: 'c' }, 'soft');
    expect(log.verdict(entry(1, 'other'))).toBe('soft');
    expect(log.verdict(entry(2, 'other'))).toBe('live');
  });

  it('never weakens a hard clear, however many soft ones follow', () => {
    const log = createClearLog({ maxKeys: 3 });
    log.clear({ key: 'secret' }, 'hard');
    for (let i = 0; i < 100; i++) log.clear({ key: `k${i}` }, 'soft');
    expect(log.verdict(entry(0, 'secret'))).toBe('hard');
    expect(log.verdict(entry(0, 'other'))).toBe('soft');
    for (let i = 0; i < 4; i++) log.clear({ key: `h${i}` }, 'hard');
    expect(log.verdict(entry(0, 'secret'))).toBe('hard');
  });

  it('clears what the whole list of clears would, at least; exactly that within the bound', () => {
    const name: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd');
    const scope: fc.Arbitrary<ClearScope> = fc.oneof(
      fc.record({ key: name }),
      fc.record({ tag: name }),
      fc.record({ all: fc.constant(true as const) }),
    );
    const clears = fc.array(fc.tuple(scope, fc.constantFrom<ClearMode>('soft', 'hard')), { maxLength: 25 });
    const rank = { live: 0, soft: 1, hard: 2 };
    fc.assert(
      fc.property(
        clears,
        fc.nat(25),
        name,
        fc.uniqueArray(name),
        fc.constantFrom(2, 100),
        (list, n, key, tags, maxKeys) => {
          const log = createClearLog({ maxKeys });
          for (const [each, mode] of list) log.clear(each, mode);
          const later = list.slice(n).filter(([each]) => {
            if ('all' in each) return true;
            return 'key' in each ? each.key === key : tags.includes(each.tag);
          });
          const expected = Math.max(0, ...later.map(([, mode]) => rank[mode]));
          const verdict = rank[log.verdict(entry(n, key, tags))];
          if (maxKeys === 100) expect(verdict).toBe(expected);
          else expect(verdict).toBeGreaterThanOrEqual(expected);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
