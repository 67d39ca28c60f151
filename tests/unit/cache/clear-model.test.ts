// Long, since the world that it simulates and what must hold in it are one thing.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClearFollower, type ClearFollower } from '../../../lib/cache/clear-follower.ts';
import { createClearLog, type Clearable, type ClearLog } from '../../../lib/cache/clear-log.ts';
import type { ClearMode, ClearNews, ClearScope, ClearSource } from '../../../lib/cache/clear-record.ts';
import { createSharedClears } from '../../../lib/cache/clear-sources/shared.ts';
import { losingLog, type LosingLog } from '../../support/losing-log.ts';

/**
 * Three instances, each with L2, clear log and follower, one L3 and one log that may be away, go back or be flushed.
 * The model knows of every entry when it was fetched, and of every clear who has read it.
 */
const RUNS = 1_000;
const STRENGTH = { live: 0, soft: 1, hard: 2 } as const;
const INSTANCES = 3;

/** What is behind the URLs; two services. */
const PAGES = [
  { url: 'http://a/x/1.png', service: 's', tags: ['t', 'u'] },
  { url: 'http://a/x/2', service: 's', tags: ['u'] },
  { url: 'http://a/y', service: 'o', tags: ['t'] },
  { url: 'http://b/', service: 'o', tags: [] },
] as const;
const SCOPES: readonly ClearScope[] = [
  ...PAGES.map(({ url }) => ({ key: url })),
  { tag: 't' },
  { tag: 'u' },
  { tag: 't', service: 'o' },
  { tag: 'u', origin: 'http://a' },
  { tag: 't', service: 'o', origin: 'http://b' },
  { prefix: 'http://a/x/' },
  { prefix: 'http://a/', service: 'o' },
  { glob: '*.png' },
  { glob: 'http://*/*' },
  { glob: 'http://b/*', service: 's' },
  { service: 's' },
  { service: 'o' },
  { all: true },
];

/** By the meaning of the words, not by the index. */
function matches(scope: ClearScope, { url, service, tags }: (typeof PAGES)[number]): boolean {
  if ('all' in scope) return true;
  if ('key' in scope) return scope.key === url;
  if (scope.service !== undefined && scope.service !== service) return false;
  if ('tag' in scope) {
    const ofOrigin = scope.origin === undefined || new URL(url).origin === scope.origin;
    return ofOrigin && (tags as readonly string[]).includes(scope.tag);
  }
  if ('prefix' in scope) return url.startsWith(scope.prefix);
  if ('glob' in scope) return new RegExp(`^${scope.glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(url);
  return true;
}

interface Stored {
  readonly page: number;
  readonly clearNumber: number;
  tested: number;
  /** Step at which its origin request was sent. */
  readonly sentAt: number;
  /** Step at which its instance had last read the log then. */
  readonly knownAt: number;
}
interface Made {
  readonly id: string;
  readonly scope: ClearScope;
  readonly mode: ClearMode;
  readonly at: number;
  voided: boolean;
  /** Lost, and whoever knew it had ended before: nobody can say it again. */
  gone: boolean;
}

class Instance {
  readonly l2 = new Map<number, Stored>();
  readonly sent: { page: number; clearNumber: number; at: number; knownAt: number }[] = [];
  readonly confirmed = new Set<Made>();
  readonly undone = new Set<Made>();
  readonly wrote = new Set<Made>();
  readonly log: ClearLog;
  readonly source: ClearSource;
  readonly follower: ClearFollower;
  readonly #looks: (() => void)[] = [];
  lastLook = -1;
  away = false;
  /** What happens while news are taken over, a record or two at a time. */
  meanwhile = (): void => undefined;
  #wrong: Error | undefined;

  constructor(remote: LosingLog, bounds: { names: number; patterns: number }, random: () => number) {
    this.log = createClearLog({ maxNames: bounds.names, maxPatterns: bounds.patterns, sliceRecords: 2 });
    const reach = <T>(act: () => Promise<T>): Promise<T> => (this.away ? Promise.reject(new Error('away')) : act());
    this.source = createSharedClears(
      {
        head: () => reach(() => remote.head()),
        since: (after) => reach(() => remote.since(after)),
        append: (draft) => reach(() => remote.append(draft)),
        mend: (mending) => reach(() => remote.mend(mending)),
      },
      bounds,
      random,
    );
    this.follower = createClearFollower({
      log: this.log,
      source: this.source,
      clock: { mono: () => 0, wall: () => 0 },
      after: (ms, run) => {
        if (ms === 50) this.#looks.push(run);
        return () => undefined;
      },
      turn: async () => {
        try {
          this.meanwhile();
        } catch (error) {
          this.#wrong ??= error as Error;
        }
      },
    });
  }

  /** One look at the log; whether it succeeded. */
  async look(): Promise<boolean> {
    const next = this.#looks.pop();
    if (next === undefined) await this.follower.start();
    else {
      next();
      while (this.#looks.length === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#wrong !== undefined) throw this.#wrong;
    return !this.away;
  }
}

const step = fc.record({
  kind: fc.constantFrom(
    ...([
      'send',
      'send',
      'arrive',
      'arrive',
      'refresh',
      'read',
      'read',
      'clear',
      'clear',
      'undo',
      'look',
      'look',
    ] as const),
    ...(['look', 'away', 'back', 'save', 'roll', 'flush', 'restart', 'clock', 'append-lost'] as const),
  ),
  who: fc.nat(INSTANCES - 1),
  what: fc.nat(1_000),
  mode: fc.constantFrom<ClearMode>('soft', 'hard'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function run(
  steps: readonly Step[],
  bounds: { names: number; patterns: number },
  losing: boolean,
): Promise<void> {
  let wall = 0;
  let saved: ClearNews | undefined;
  /** Since the log lost records: who hasn't looked yet. While somebody hasn't, its bound isn't over. */
  const waiting = new Set<Instance>();
  let lostAt = -1;
  let mendedAt = -1;
  const remote = losingLog(bounds, () => wall);
  let jumps = 0;
  const start = (): Instance => new Instance(remote, bounds, () => ++jumps / 1_000);
  const instances = Array.from({ length: INSTANCES }, start);
  const l3 = new Map<number, Stored>();
  const clears: Made[] = [];
  const judged = new WeakMap<Stored, Clearable>();

  function check(instance: Instance, entry: Stored, now: number): 'live' | ClearMode {
    const page = PAGES[entry.page] as (typeof PAGES)[number];
    const { log } = instance;
    // The same object each time: a log may remember it.
    const given = judged.get(entry) ?? { ...page, ...entry, key: `GET ${page.url} realm=r` };
    judged.set(entry, given);
    given.tested = entry.tested;
    const verdict = log.verdict(given);
    entry.tested = given.tested;
    // No cleared entry is served by an instance that has read the clear.
    const settled = waiting.size === 0 && instance.lastLook > mendedAt;
    for (const clear of instance.confirmed) {
      if (clear.voided || !matches(clear.scope, page) || entry.sentAt > clear.at) continue;
      if (!settled && clear.at >= lostAt && lostAt >= 0) continue;
      expect(STRENGTH[verdict], `${now}: ${clear.id} clears`).toBeGreaterThanOrEqual(STRENGTH[clear.mode]);
    }
    // No entry is lost that nothing cleared, but by folding and mending.
    let most: number = entry.clearNumber > log.head ? 1 : 0;
    for (const clear of clears) {
      if (instance.undone.has(clear) || !matches(clear.scope, page)) continue;
      if (Math.max(clear.at, mendedAt) > entry.knownAt) most = Math.max(most, STRENGTH[clear.mode]);
    }
    for (const fold of remote.book.folded()) {
      if (fold.service !== undefined && fold.service !== page.service) continue;
      if (fold.number > entry.clearNumber || mendedAt > entry.knownAt) most = Math.max(most, STRENGTH[fold.mode]);
    }
    if (lostAt >= 0 && (!settled || mendedAt > entry.knownAt)) most = 2;
    expect(STRENGTH[verdict], `${now}: nothing clears`).toBeLessThanOrEqual(most);
    return verdict;
  }

  function note(instance: Instance, clear: Made): void {
    clears.push(clear);
    instance.wrote.add(clear);
  }

  function lose(to: ClearNews | undefined, now: number): void {
    remote.roll(to);
    if (waiting.size === 0 && instances.every(({ lastLook }) => lastLook > mendedAt)) lostAt = now;
    else lostAt = Math.max(lostAt, 0);
    for (const each of instances) waiting.add(each);
    for (const clear of clears) {
      // Past its bounds a log can't tell what was lost unread from what was folded.
      const isKnown = instances.some(
        ({ confirmed, wrote }) => confirmed.has(clear) || (bounds.names >= 100 && wrote.has(clear)),
      );
      if (!isKnown && remote.book.find(clear.id) === undefined) clear.gone = true;
    }
  }

  for (const [now, { kind, who, what, mode }] of steps.entries()) {
    const instance = instances[who] as Instance;
    const page = what % PAGES.length;
    switch (kind) {
      case 'send':
        instance.sent.push({ page, clearNumber: instance.log.head, at: now, knownAt: instance.lastLook });
        break;
      case 'refresh': {
        const held = instance.l2.get(page);
        if (held === undefined || check(instance, held, now) === 'hard') break;
        instance.sent.push({ page, clearNumber: instance.log.head, at: now, knownAt: instance.lastLook });
        break;
      }
      case 'arrive': {
        const [sent] = instance.sent.splice(what % Math.max(1, instance.sent.length), 1);
        if (sent === undefined) break;
        const { clearNumber, at, knownAt } = sent;
        const entry = { page: sent.page, clearNumber, tested: clearNumber, sentAt: at, knownAt };
        if (check(instance, entry, now) === 'hard') break;
        instance.l2.set(sent.page, entry);
        l3.set(sent.page, { ...entry, tested: clearNumber });
        break;
      }
      case 'read': {
        const held = instance.l2.get(page);
        if (held !== undefined && check(instance, held, now) === 'hard') instance.l2.delete(page);
        const below = l3.get(page);
        if (instance.l2.has(page) || below === undefined || !instance.follower.trusted) break;
        const copy = { ...below, tested: below.clearNumber };
        if (check(instance, copy, now) === 'hard') l3.delete(page);
        else instance.l2.set(page, copy);
        break;
      }
      case 'clear': {
        const scope = SCOPES[what % SCOPES.length] as ClearScope;
        const made = await instance.source.append({ scope, mode }).catch(() => undefined);
        if (made !== undefined) note(instance, { id: made.id, scope, mode, at: now, voided: false, gone: false });
        break;
      }
      case 'undo': {
        const target = clears[what % Math.max(1, clears.length)];
        if (target === undefined) break;
        const undone = await instance.source.append({ voids: target.id }).catch(() => undefined);
        if (undone !== undefined) target.voided = true;
        break;
      }
      case 'look': {
        const { mendings } = remote;
        instance.meanwhile = () => {
          if (instance.follower.trusted) throw new Error('trusted with news pending');
          for (const entry of instance.l2.values()) check(instance, entry, now);
          instance.sent.push({ page, clearNumber: instance.log.head, at: now, knownAt: instance.lastLook });
        };
        if (!(await instance.look())) break;
        instance.lastLook = now;
        waiting.delete(instance);
        if (remote.mendings > mendings) mendedAt = now;
        expect([instance.log.head, instance.log.id]).toEqual([remote.book.head.number, remote.book.head.id]);
        for (const clear of clears) {
          const isKept = remote.book.find(clear.id) !== undefined;
          if (isKept) instance.confirmed.add(clear);
          if (clear.voided && (!isKept || remote.book.voidOf(clear.id) !== undefined)) instance.undone.add(clear);
          else instance.undone.delete(clear);
        }
        for (const entry of instance.l2.values()) check(instance, entry, now);
        break;
      }
      case 'away':
        instance.away = true;
        break;
      case 'back':
        instance.away = false;
        break;
      case 'save':
        saved = remote.save();
        break;
      case 'roll':
      case 'flush':
        if (!losing) break;
        lose(kind === 'roll' ? saved : undefined, now);
        break;
      case 'append-lost': {
        // Confirmed to the one who cleared, and lost before anybody has read it.
        if (!losing) break;
        const before = remote.save();
        const scope = SCOPES[what % SCOPES.length] as ClearScope;
        const made = await instance.source.append({ scope, mode }).catch(() => undefined);
        if (made === undefined) break;
        note(instance, { id: made.id, scope, mode, at: now, voided: false, gone: false });
        lose(before, now);
        break;
      }
      case 'restart':
        // Whoever alone still knew what was lost is gone: nobody can say it again.
        if (waiting.size > 0) return;
        saved = undefined;
        instances[who] = start();
        break;
      case 'clock':
        wall += what - 500;
    }
  }
  // With everybody reading the log again, every clear is in force with everybody.
  const end = steps.length;
  for (const each of instances) each.away = false;
  for (let round = 0; round < 2; round++) {
    for (const each of instances) {
      const { mendings } = remote;
      await each.look();
      if (remote.mendings > mendings) mendedAt = end;
    }
  }
  waiting.clear();
  for (const each of instances) {
    expect(each.follower.state).toBe('confirmed');
    await each.look();
    each.lastLook = end + 1;
    for (const clear of clears) if (!clear.voided && !clear.gone) each.confirmed.add(clear);
    for (const entry of [...each.l2.values(), ...l3.values()])
      check(each, { ...entry, tested: entry.clearNumber }, end);
  }
}

const steps = fc.array(step, { minLength: 5, maxLength: 60, size: 'max' });

it.each([
  ['a log that loses nothing', { names: 100, patterns: 100 }, false],
  ['a log that folds', { names: 3, patterns: 2 }, false],
  ['a log that loses records', { names: 100, patterns: 100 }, true],
  ['a log that folds and loses records', { names: 4, patterns: 2 }, true],
])('serves nothing cleared and loses nothing else: %s', { timeout: 1_200_000 }, async (_, bounds, losing) => {
  await fc.assert(
    fc.asyncProperty(steps, (list) => run(list, bounds, losing)),
    { numRuns: RUNS },
  );
});
