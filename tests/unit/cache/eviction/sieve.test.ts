import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_USES, Sieve, type SieveNode } from '../../../../lib/cache/eviction/sieve.ts';

interface Node extends SieveNode<Node> {
  readonly name: string;
}

const node = (name: string, bytes = 1): Node => ({ name, bytes, uses: 0, newer: undefined, older: undefined });
const one = (): number => 1;

function filled(names: string) {
  const sieve = new Sieve<Node>();
  const nodes = new Map([...names].map((name) => [name, node(name)]));
  for (const each of nodes.values()) sieve.insert(each);
  const touch = (used: string) => {
    for (const name of used) (nodes.get(name) as Node).uses++;
  };
  const evicted = (count: number): (string | undefined)[] =>
    Array.from({ length: count }, () => sieve.evict(one)?.name);
  return { sieve, touch, evicted, get: (name: string) => nodes.get(name) as Node };
}

describe('sieve', () => {
  it('is a queue while nothing is used', () => {
    expect(filled('abc').evicted(4)).toEqual(['a', 'b', 'c', undefined]);
  });

  it('works as the example of the paper: spares the used, in place, and goes on from the hand', () => {
    const { sieve, touch, evicted } = filled('abcdefg');
    touch('abg');
    expect(evicted(1)).toEqual(['c']);
    sieve.insert(node('h'));
    // a and b were passed and have paid, but the hand is at d.
    touch('ad');
    expect(evicted(1)).toEqual(['e']);
    sieve.insert(node('i'));
    // Past the newest the hand starts at the oldest again.
    expect(evicted(7)).toEqual(['f', 'h', 'i', 'b', 'd', 'g', 'a']);
    expect(sieve.evict(one)).toBeUndefined();
  });

  it('evicts the first it comes to when all are used alike', () => {
    const { touch, evicted } = filled('abc');
    touch('abc');
    expect(evicted(2)).toEqual(['a', 'b']);
  });

  it('spares for each use once, but for no more than counts', () => {
    const { touch, evicted } = filled('abc');
    touch('aa');
    for (let i = 0; i < 50; i++) touch('b');
    expect(evicted(1)).toEqual(['c']);
    expect(evicted(2)).toEqual(['a', 'b']);
  });

  it('lets a node pay what its price is, and spares nothing at an infinite one', () => {
    const { sieve, touch } = filled('abc');
    touch('aaabbbc');
    const price = ({ name }: Node): number => (name === 'a' ? 3 : name === 'b' ? Infinity : 1);
    expect(sieve.evict(price)?.name).toBe('b');
    // c pays its one use, and a has none left.
    expect(sieve.evict(price)?.name).toBe('a');
  });

  it('takes out from anywhere, under the hand too', () => {
    const { sieve, touch, evicted, get } = filled('abcd');
    touch('a');
    expect(evicted(1)).toEqual(['b']);
    sieve.remove(get('c'));
    sieve.remove(get('a'));
    expect(evicted(2)).toEqual(['d', undefined]);
  });

  it('agrees with a list that is searched, whatever happens, and counts to the byte', () => {
    const act = fc.record({ what: fc.constantFrom('insert', 'insert', 'touch', 'remove', 'evict'), at: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const sieve = new Sieve<Node>();
        const model: Model = { list: [], hand: 0 };
        for (const [i, { what, at }] of acts.entries()) {
          const { list } = model;
          const index = list.length === 0 ? -1 : at % list.length;
          const chosen = list[index];
          if (what === 'insert') {
            const added = node(String(i), at);
            sieve.insert(added);
            // A hand past the newest starts over at the oldest, not at what comes next.
            if (model.hand === list.length) model.hand = 0;
            list.push({ node: added, uses: 0 });
          } else if (what === 'evict') {
            expect(sieve.evict(priceOf)).toBe(evictFromModel(model));
          } else if (chosen !== undefined && what === 'touch') {
            chosen.node.uses += at;
            chosen.uses += at;
          } else if (chosen !== undefined) {
            sieve.remove(chosen.node);
            list.splice(index, 1);
            if (index < model.hand) model.hand--;
          }
          expect(sieve.size).toBe(list.length);
          expect(sieve.bytes).toBe(list.reduce((sum, { node: { bytes } }) => sum + bytes, 0));
          expect(sieve.oldest).toBe(list[0]?.node);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

const priceOf = ({ bytes }: Node): number => (bytes === 20 ? Infinity : 1 + (bytes % 3));

interface Model {
  /** Oldest first. */
  readonly list: { readonly node: Node; uses: number }[];
  /** Index of what is looked at next. */
  hand: number;
}

function evictFromModel(model: Model): Node | undefined {
  const { list } = model;
  if (list.length === 0) return undefined;
  model.hand %= list.length;
  for (let looked = list[model.hand]; looked !== undefined && looked.uses > 0; looked = list[model.hand]) {
    const price = priceOf(looked.node);
    if (price === Infinity) break;
    looked.uses = Math.max(0, Math.min(looked.uses, MAX_USES) - price);
    model.hand = (model.hand + 1) % list.length;
  }
  return list.splice(model.hand, 1)[0]?.node;
}
