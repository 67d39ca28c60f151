import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSieve, type SieveNode } from '../../../../lib/cache/eviction/sieve.ts';

interface Node extends SieveNode<Node> {
  readonly name: string;
}

const node = (name: string): Node => ({ name, visited: false, newer: undefined, older: undefined });

function filled(names: string) {
  const sieve = createSieve<Node>();
  const nodes = new Map([...names].map((name) => [name, node(name)]));
  for (const each of nodes.values()) sieve.insert(each);
  const touch = (used: string) => {
    for (const name of used) (nodes.get(name) as Node).visited = true;
  };
  return { sieve, touch, get: (name: string) => nodes.get(name) as Node };
}

describe('sieve', () => {
  it('is a queue while nothing is used', () => {
    const { sieve } = filled('abc');
    expect([sieve.evict()?.name, sieve.evict()?.name, sieve.evict()?.name, sieve.evict()]).toEqual([
      ...['a', 'b', 'c'],
      undefined,
    ]);
  });

  it('works as the example of the paper: spares the used, in place, and goes on from the hand', () => {
    const { sieve, touch } = filled('abcdefg');
    touch('abg');
    expect(sieve.evict()?.name).toBe('c');
    sieve.insert(node('h'));
    // a and b were passed and lost their mark, but the hand is at d.
    touch('ad');
    expect(sieve.evict()?.name).toBe('e');
    sieve.insert(node('i'));
    expect(sieve.evict()?.name).toBe('f');
    expect(sieve.evict()?.name).toBe('h');
    expect(sieve.evict()?.name).toBe('i');
    // Past the newest the hand starts at the oldest again.
    expect(sieve.evict()?.name).toBe('b');
    expect(sieve.evict()?.name).toBe('d');
    expect(sieve.evict()?.name).toBe('g');
    expect(sieve.evict()?.name).toBe('a');
    expect(sieve.evict()).toBeUndefined();
  });

  it('evicts the first it comes to when all are used', () => {
    const { sieve, touch } = filled('abc');
    touch('abc');
    expect(sieve.evict()?.name).toBe('a');
    expect(sieve.evict()?.name).toBe('b');
  });

  it('takes out from anywhere, under the hand too', () => {
    const { sieve, touch, get } = filled('abcd');
    touch('a');
    expect(sieve.evict()?.name).toBe('b');
    sieve.remove(get('c'));
    sieve.remove(get('a'));
    expect(sieve.evict()?.name).toBe('d');
    expect(sieve.evict()).toBeUndefined();
  });

  it('agrees with a list that is searched, whatever happens', () => {
    const act = fc.record({ what: fc.constantFrom('insert', 'insert', 'touch', 'remove', 'evict'), at: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const sieve = createSieve<Node>();
        const model = { list: [] as { node: Node; used: boolean }[], hand: 0 };
        for (const [i, { what, at }] of acts.entries()) {
          const { list } = model;
          const index = list.length === 0 ? -1 : at % list.length;
          const chosen = list[index];
          if (what === 'insert') {
            const added = node(String(i));
            sieve.insert(added);
            // A hand past the newest starts over at the oldest, not at what comes next.
            if (model.hand === list.length) model.hand = 0;
            list.push({ node: added, used: false });
          } else if (what === 'evict') {
            expect(sieve.evict()).toBe(evictFromModel(model));
          } else if (chosen !== undefined && what === 'touch') {
            chosen.node.visited = true;
            chosen.used = true;
          } else if (chosen !== undefined) {
            sieve.remove(chosen.node);
            list.splice(index, 1);
            if (index < model.hand) model.hand--;
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Oldest first; the hand is the index of what is looked at next. */
function evictFromModel(model: { list: { node: Node; used: boolean }[]; hand: number }): Node | undefined {
  const { list } = model;
  if (list.length === 0) return undefined;
  model.hand %= list.length;
  for (let looked = list[model.hand]; looked?.used; looked = list[model.hand]) {
    looked.used = false;
    model.hand = (model.hand + 1) % list.length;
  }
  return list.splice(model.hand, 1)[0]?.node;
}
