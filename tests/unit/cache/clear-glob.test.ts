import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGlobMatcher, MAX_GLOB_WORK, parseGlob } from '../../../lib/cache/clear-glob.ts';
import { createPrefixTree } from '../../../lib/cache/clear-tree.ts';

const matcher = createGlobMatcher();
const matches = (glob: string, url: string): boolean => {
  const parsed = parseGlob(glob);
  if (!url.startsWith(parsed.start)) return false;
  matcher.begin(url);
  return matcher.matches(parsed);
};
const text = (most: number) => fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: most });

describe('glob', () => {
  it('means the same as the regular expression it stands for', () => {
    const glob = fc.array(fc.oneof(text(3), text(40), fc.constant('*')), { maxLength: 8 });
    fc.assert(
      fc.property(glob, fc.array(text(60), { maxLength: 3 }), (parts, urls) => {
        const url = urls.join('');
        const whole = parts.join('');
        const pattern = new RegExp(`^${whole.replace(/\*+/g, '.*')}$`);
        expect(matches(whole, url)).toBe(pattern.test(url));
        // One that must match: the stars filled in.
        expect(
          matches(
            whole,
            whole.replaceAll('*', () => url.slice(0, 3)),
          ),
        ).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*ab*ab*', 'xabab', true],
    ['*ab*ab', 'xaab', false],
    [`*${'a'.repeat(70_000)}b*`, `${'a'.repeat(70_001)}b`, true],
  ])('%s against %s: %s', (glob, url, expected) => expect(matches(glob, url)).toBe(expected));

  it('takes no longer for many stars on a long text that nearly matches', () => {
    const url = 'a'.repeat(65_536);
    for (const piece of [1, 16, 17, 4_000]) {
      expect(matches(`*${`${'a'.repeat(piece)}b*`.repeat(16)}`, url)).toBe(false);
    }
  });
});

describe('work of a glob matcher', () => {
  it('counts per URL; past its bound every glob matches', () => {
    // Its hashes and its first 16 characters are there, the piece isn't: each glob reads the whole URL.
    const url = 'a'.repeat(10_000);
    const missing = parseGlob(`*${'a'.repeat(10_001)}*`);
    for (let round = 0; round < 2; round++) {
      matcher.begin(url);
      let tried = 0;
      while (!matcher.matches(missing)) tried++;
      expect(tried).toBeGreaterThan(MAX_GLOB_WORK / 10_000 - 10);
      expect(tried).toBeLessThan(MAX_GLOB_WORK / 10_000 + 10);
      expect(matcher.matches(parseGlob('*b'))).toBe(true);
    }
    matcher.begin(url);
    expect(matcher.matches(missing)).toBe(false);
  });

  it('leaves room for 10,000 globs of a site', () => {
    for (const length of [100, 8_000]) {
      matcher.begin(`https://www.shop.example/catalogue/products/${'final/'.repeat(length / 6)}`);
      for (let i = 0; i < 10_000; i++) {
        expect(matcher.matches(parseGlob(`https://*.shop.example/catalogue/products/draft-${i}*`))).toBe(false);
      }
    }
  });
});

describe('prefix tree', () => {
  it('finds what a set would find, whatever was added and dropped', () => {
    const step = fc.record({ text: text(6), drop: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(text(8), { maxLength: 5 }), (steps, urls) => {
        const tree = createPrefixTree();
        const kept = new Set<string>();
        for (const { text: each, drop } of steps) {
          if (drop) {
            tree.drop(each);
            kept.delete(each);
          } else {
            tree.add(each);
            kept.add(each);
          }
          for (const url of urls) {
            const found: string[] = [];
            tree.walk(url, (start) => {
              found.push(start);
              return false;
            });
            const expected = [...kept].filter((prefix) => url.startsWith(prefix)).sort((a, b) => a.length - b.length);
            expect(found).toEqual(expected);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('stops where it is told to', () => {
    const tree = createPrefixTree();
    tree.add('');
    tree.add('a');
    const seen: string[] = [];
    tree.walk('a', (start) => seen.push(start) > 0);
    expect(seen).toEqual(['']);
  });
});
