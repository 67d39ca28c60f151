import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClearFollower, type ClearFollower } from '../../lib/cache/clear-follower.ts';
import { createClearLog, type Clearable, type ClearLog } from '../../lib/cache/clear-log.ts';
import type { ClearMode, ClearRecord, ClearScope, ClearSource } from '../../lib/cache/clear-record.ts';
import { createRedisClearSource } from '../../lib/cache/clear-sources/redis.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { clearable } from '../suites/clear-source.ts';

/** Three instances on one real Redis that is flushed, and that starts again from what it last saved. */
const INSTANCES = 3;
const RUNS = 40;
const BOUNDS = { names: 100, patterns: 100 };

let server: RedisServer;
let clients: Redis[];
beforeAll(async () => {
  server = await startRedis();
  const open = (): Redis => new Redis(server.url, { retryStrategy: () => 10, maxRetriesPerRequest: null });
  clients = Array.from({ length: INSTANCES }, open);
  // A killed server ends its connections; they come back by themselves.
  for (const client of clients) client.on('error', () => undefined);
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await server.stop();
});

interface Instance {
  readonly log: ClearLog;
  readonly source: ClearSource;
  readonly follower: ClearFollower;
}

/** A clear of what nothing else clears, and an entry that it concerns, as its instance had stored it before. */
interface Made {
  readonly id: string;
  readonly mode: ClearMode;
  readonly entry: Clearable;
  voided: boolean;
}

function instanceOn(client: Redis, prefix: string): Instance {
  const tools = { wall: () => 0, newId: () => randomUUID() };
  const source = createRedisClearSource(client, { ...BOUNDS, ...tools, prefix });
  const log = createClearLog({ maxNames: BOUNDS.names, maxPatterns: BOUNDS.patterns, sliceRecords: 2 });
  const after = () => () => undefined;
  return { log, source, follower: createClearFollower({ log, source, clock: manualClock(), after }) };
}

const step = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('clear', 'clear', 'clear', 'undo', 'poll', 'poll', 'all poll', 'save') },
    { weight: 2, arbitrary: fc.constantFrom('flush', 'restart') },
    { weight: 1, arbitrary: fc.constant('clear while all poll') },
  ),
  who: fc.nat(INSTANCES - 1),
  what: fc.nat(1_000),
  mode: fc.constantFrom<ClearMode>('soft', 'hard'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function run(steps: readonly Step[]): Promise<void> {
  const prefix = `${randomUUID()}:`;
  const instances = clients.map((client) => instanceOn(client, prefix));
  const clears: Made[] = [];
  /** The highest number that anybody has seen. */
  let highest = 0;

  async function poll(instance: Instance): Promise<void> {
    const before = instance.log.head;
    await instance.follower.start();
    expect(instance.log.head).toBeGreaterThanOrEqual(before);
    highest = Math.max(highest, instance.log.head);
  }

  const allPoll = (): Promise<unknown> => Promise.all(instances.map(poll));

  async function append({ source, log }: Instance, { what, mode }: Step): Promise<ClearRecord> {
    const url = `http://a/${clears.length}/`;
    const tag = `tag ${clears.length}`;
    const scopes: ClearScope[] = [{ key: url }, { tag }, { tag, service: 's' }, { prefix: url }, { glob: `*${url}*` }];
    const entry = clearable(url, log.head, [tag]);
    const record = await source.append({ scope: scopes[what % scopes.length] as ClearScope, mode });
    clears.push({ id: record.id, mode, entry, voided: false });
    highest = Math.max(highest, record.number);
    return record;
  }

  for (const each of steps) {
    const instance = instances[each.who] as Instance;
    switch (each.kind) {
      case 'clear':
        await append(instance, each);
        break;
      case 'clear while all poll':
        await Promise.all([append(instance, each), allPoll()]);
        break;
      case 'undo': {
        const target = clears[each.what % Math.max(1, clears.length)];
        if (target === undefined) break;
        // Who undoes it knows it: docs/decisions/0010-clear-log.md says what is lost else.
        await poll(instance);
        const undone = await instance.source.append({ voids: target.id }).catch(() => undefined);
        if (undone === undefined) break;
        target.voided = true;
        highest = Math.max(highest, undone.number);
        break;
      }
      case 'poll':
        await poll(instance);
        break;
      case 'all poll':
        await allPoll();
        break;
      case 'save':
        await server.command('SAVE');
        break;
      case 'flush':
        await server.flush();
        break;
      case 'restart':
        await server.kill();
        await server.restart();
        await Promise.all(clients.map((client) => client.ping()));
    }
  }

  const seen = highest;
  for (let round = 0; round < 2; round++) for (const instance of instances) await poll(instance);
  const [first, ...others] = await Promise.all(instances.map(({ source }) => source.since(0)));
  for (const other of others) expect(other).toEqual(first);
  for (const { log, follower } of instances) {
    expect([follower.state, log.head, log.id]).toEqual(['confirmed', first?.head.number, first?.head.id]);
    for (const { entry, mode, voided } of clears) {
      const verdict = log.verdict({ ...entry, tested: entry.clearNumber });
      expect(verdict).toBe(voided ? 'live' : mode);
    }
    expect(log.head).toBeGreaterThanOrEqual(seen);
  }
  const next = await append(instances[0] as Instance, { kind: 'clear', who: 0, what: 0, mode: 'hard' });
  expect(next.number).toBeGreaterThan(seen);
  await Promise.all(instances.map(({ follower }) => follower.close()));
}

const at = (kind: Step['kind'], who = 0): Step => ({ kind, who, what: 0, mode: 'hard' });
/** Numbers are given twice: an instance clears before it has noticed that two clears are gone, which it knows. */
const TWICE: Step[] = [
  at('clear'),
  at('save'),
  at('clear'),
  at('clear'),
  at('all poll'),
  at('restart'),
  at('clear', 2),
];

it('loses no clear and uses no number twice, whatever Redis loses', { timeout: 60_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24, size: 'max' }), run), {
    numRuns: RUNS,
    examples: [[TWICE]],
  });
});
