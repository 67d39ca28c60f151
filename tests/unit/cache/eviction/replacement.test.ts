import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReplacement, type ReplacementNode } from '../../../../lib/cache/eviction/replacement.ts';

interface Node extends ReplacementNode<Node> {
  readonly key: string;
}

/** The smallest cache over the policy; `ask` says whether it was a hit, and stores what wasn't, if it may. */
function cache(budget: number, ghostBytes = 0) {
  const nodes = new Map<string, Node>();
  const forgotten: string[] = [];
  const evicted: string[] = [];
  const state = { now: 0 };
  const replacement = createReplacement<Node>({
    budgetBytes: budget,
    ghostBytes: () => ghostBytes,
    onForget({ key }) {
      forgotten.push(key);
      nodes.delete(key);
    },
  });

  function ask(key: string, size = 1, usableUntil = Infinity): boolean {
    const known = find(key);
    if (known !== undefined && known.usableUntil > state.now) {
      known.uses++;
      return true;
    }
    if (known !== undefined) remove(key);
    const node = nodes.get(key) ?? create(key);
    nodes.set(key, node);
    if (!replacement.admits(node, size)) return false;
    for (let victim; (victim = replacement.evictFor(size, state.now)) !== undefined;) evicted.push(victim.key);
    node.bytes = size;
    node.usableUntil = usableUntil;
    replacement.insert(node);
    return false;
  }

  function remove(key: string): void {
    replacement.remove(nodes.get(key) as Node);
    nodes.delete(key);
  }

  const find = (key: string): Node | undefined => {
    const node = nodes.get(key);
    return node !== undefined && isHeld(node) ? node : undefined;
  };
  const held = (): Node[] => [...nodes.values()].filter(isHeld);
  const ghosts = (): Node[] => [...nodes.values()].filter((node) => !isHeld(node));
  const askAll = (prefix: string, count: number): void => {
    for (let i = 0; i < count; i++) ask(`${prefix}${i}`);
  };
  return { ask, askAll, remove, find, held, ghosts, evicted, state, replacement };
}

const isHeld = ({ place }: Node): boolean => place === 'main' || place === 'probation';
const create = (key: string): Node => ({
  key,
  bytes: 0,
  uses: 0,
  usableUntil: 0,
  place: 'out',
  newer: undefined,
  older: undefined,
});
const sum = (nodes: readonly Node[]): number => nodes.reduce((total, { bytes }) => total + bytes, 0);

describe('replacement', () => {
  it('is a queue for what is asked for once', () => {
    const { askAll, evicted } = cache(10);
    askAll('a', 13);
    expect(evicted).toEqual(['a0', 'a1', 'a2']);
  });

  it('keeps what is used while a hundred times its budget passes by once', () => {
    const { ask, askAll, find } = cache(100);
    for (let round = 0; round < 3; round++) askAll('hot', 80);
    askAll('once', 10_000);
    for (let i = 0; i < 80; i++) expect(find(`hot${i}`)).toBeDefined();
    expect(ask('hot0')).toBe(true);
  });

  it('proves a key that comes back soon after it had to go', () => {
    const { ask, askAll, find } = cache(100);
    for (let round = 0; round < 3; round++) askAll('hot', 80);
    askAll('once', 100);
    expect(find('once50')).toBeUndefined();
    ask('once50');
    askAll('more', 100);
    expect(find('once50')?.place).toBe('main');
    expect(ask('once50')).toBe(true);
    expect(find('more0')).toBeUndefined();
  });

  it('gives up proven keys that are no longer used for those that are', () => {
    const { askAll, held } = cache(100);
    for (let round = 0; round < 20; round++) askAll('old', 80);
    for (let round = 0; round < 40; round++) askAll('new', 80);
    let kept = 0;
    for (const { key } of held()) if (key.startsWith('new')) kept++;
    expect(kept).toBeGreaterThan(75);
  });

  it('gives probation more room where keys come back just after it', () => {
    const { ask } = cache(1_000);
    // Each key is asked for once more, after 400 others: too late for a tenth of the budget.
    const hits = (from: number, to: number): number => {
      let count = 0;
      for (let i = from; i < to; i++) {
        ask(`key${i}`);
        if (i >= 400 && ask(`key${i - 400}`)) count++;
      }
      return count / (to - from);
    };
    hits(0, 1_500);
    expect(hits(1_500, 2_000)).toBe(0);
    hits(2_000, 10_000);
    expect(hits(10_000, 12_000)).toBe(1);
  });

  it('refuses what is far larger than the rest until it has been asked for often enough', () => {
    const { ask, askAll, evicted, find } = cache(100);
    askAll('small', 100);
    // 32 times the mean size: worth it with six requests.
    for (let request = 1; request <= 6; request++) ask('large', 32);
    expect(find('large')).toBeUndefined();
    expect(evicted).toEqual([]);
    ask('large', 32);
    expect(ask('large', 32)).toBe(true);
    expect(evicted).toHaveLength(32);
  });

  it('takes what is large while nothing has to go for it', () => {
    const { ask } = cache(100);
    ask('small');
    ask('large', 90);
    expect(ask('large', 90)).toBe(true);
  });

  it('spares a small key longer than a large one with as many uses', () => {
    const { ask, askAll, held } = cache(1_000);
    for (let round = 0; round < 3; round++) {
      askAll('small', 100);
      for (let i = 0; i < 10; i++) ask(`large${i}`, 80);
    }
    for (let i = 0; i < 2_000; i++) ask(`once${i}`, 5);
    const kept = (prefix: string): number => held().filter(({ key }) => key.startsWith(prefix)).length;
    expect(kept('small')).toBe(100);
    expect(kept('large')).toBeLessThan(10);
  });

  it('lets go first of what can answer nothing any more, however much it was used, and knows it when it is back', () => {
    const { ask, askAll, evicted, find, state } = cache(10);
    for (let round = 0; round < 5; round++) for (const key of ['a', 'b', 'c']) ask(key, 1, key === 'b' ? 50 : 500);
    askAll('once', 7);
    state.now = 50;
    askAll('more', 3);
    expect(evicted[0]).toBe('b');
    expect(find('a') && find('c')).toBeDefined();
    ask('b');
    expect(find('b')?.place).toBe('main');
  });

  it('forgets ghosts beyond what it holds, beyond their share, and when there is nothing left', () => {
    const many = cache(10);
    many.askAll('a', 50);
    // As many as are held while the newcomer is still out.
    expect(many.ghosts().map(({ key }) => key)).toEqual(Array.from({ length: 9 }, (_, i) => `a${31 + i}`));
    const dear = cache(1_600, 20);
    for (let i = 0; i < 100; i++) dear.ask(`a${i}`, 100);
    expect(dear.ghosts()).toHaveLength(5);
    for (const { key } of dear.held()) dear.remove(key);
    expect(dear.ghosts()).toEqual([]);
  });

  it('loses nothing, tells of all that goes and stays within its budget, ghosts included, whatever happens', () => {
    const step = fc.record({
      key: fc.nat(30),
      size: fc.integer({ min: 1, max: 600 }),
      until: fc.constantFrom(20, 60, Infinity),
      act: fc.constantFrom('ask', 'ask', 'ask', 'ask', 'remove', 'change'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const { ask, remove, find, held, ghosts, evicted, state, replacement } = cache(1_000, 5);
        for (const { key, size, until, act } of steps) {
          state.now++;
          const name = `k${key}`;
          const known = find(name);
          const left = new Set(held().map((node) => node.key));
          const before = evicted.length;
          if (act === 'ask') {
            ask(name, size, until);
            // What was held is held, or it was told; what was asked for is held, or nothing went for it.
            for (const gone of evicted.slice(before)) expect(left.delete(gone)).toBe(true);
            left.delete(name);
            for (const other of left) expect(find(other)).toBeDefined();
            if (find(name) === undefined) expect(evicted).toHaveLength(before);
          } else if (known !== undefined && act === 'remove') {
            remove(name);
          } else if (known !== undefined) {
            replacement.remove(known);
            known.bytes = Math.min(known.bytes, size);
            replacement.insert(known);
          }
          expect(replacement.heldBytes).toBe(sum(held()));
          expect(sum(held()) + sum(ghosts())).toBeLessThanOrEqual(1_000);
          expect(ghosts().length).toBeLessThanOrEqual(2 * held().length);
        }
        // What is held is what comes out.
        const rest = new Set(held().map(({ key }) => key));
        for (let victim; (victim = replacement.evictFor(1_000, 0)) !== undefined;)
          expect(rest.delete(victim.key)).toBe(true);
        expect(rest.size).toBe(0);
        expect(ghosts()).toEqual([]);
      }),
    );
  });
});
