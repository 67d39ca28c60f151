import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisLevel } from '../../lib/cache/stores/redis-level.ts';
import { eventually } from '../support/eventually.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { openRedisLevel } from '../support/redis-level.ts';
import { startSentinel } from '../support/redis-sentinel.ts';
import { startRedis } from '../support/redis.ts';
import { slowLine } from '../support/slow-line.ts';
import { sampleEntry } from '../suites/level.ts';

const DEADLINE_MS = 50;
/** Beside the deadline, and what this process itself was late, ms. */
const ALLOWANCE_MS = 50;
const KEYS = 60;
const CALLERS = 8;

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function begin<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const servers = await starting;
  closing.push(() => servers.stop());
  return servers;
}

interface Load {
  /** Resolves when this many more calls have been made. */
  goesOn(calls: number): Promise<void>;
  /** Ends it; fails unless every call kept its deadline and every read was right. */
  stop(): Promise<{ readonly hits: number; readonly failed: number }>;
  readonly level: RedisLevel;
}

/** Readers and writers over a few keys. What is read must be what was last written under the key, or older, whole. */
async function load(url: string): Promise<Load> {
  const { connection, level } = await openRedisLevel(url, { deadlineMs: DEADLINE_MS, commandTimeoutMs: 300 });
  closing.push(() => connection.close());
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const written = Array.from({ length: KEYS }, () => 0);
  const wrong: string[] = [];
  let [calls, hits, failed, slowest, running] = [0, 0, 0, 0, true];

  async function one(i: number): Promise<void> {
    const key = `GET http://a.test/${i}`;
    if (calls % 3 === 0) {
      const version = ++(written as number[])[i]!;
      const body = Buffer.from(`${key} ${version} `.repeat(1 + ((i * 37) % 60)));
      await level.write(sampleEntry({ key, body, freshUntil: 600_000 }));
      return;
    }
    const [read] = (await level.read(key)) ?? [];
    if (read === undefined) return;
    hits++;
    const version = Number(/^\S+ \S+ (\d+) /.exec(read.body.toString())?.[1]);
    const expected = `${key} ${version} `.repeat(1 + ((i * 37) % 60));
    const right = read.key === key && version <= (written[i] as number) && read.body.toString() === expected;
    if (!right) wrong.push(`${key}: ${read.key} ${version} of ${written[i]}, ${read.body.length} bytes`);
  }

  async function caller(seed: number): Promise<void> {
    for (let n = seed; running; n += 7) {
      const start = performance.now();
      await one(n % KEYS).catch((error: unknown) => {
        failed++;
        if ((error as { code?: string }).code !== 'storage_unavailable') wrong.push(String(error));
      });
      slowest = Math.max(slowest, performance.now() - start);
      calls++;
      // Refused calls end at once: let others have their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const callers = Array.from({ length: CALLERS }, (_, seed) => caller(seed));
  return {
    level,
    async goesOn(more) {
      const until = calls + more;
      await eventually(() => {
        if (calls < until) throw new Error(`only ${calls} of ${until} calls`);
      }, 20_000);
    },
    async stop() {
      running = false;
      await Promise.all(callers);
      loop.disable();
      expect(wrong).toEqual([]);
      expect(slowest - loop.max / 1e6).toBeLessThan(DEADLINE_MS + ALLOWANCE_MS);
      return { hits, failed };
    },
  };
}

/** Writes are kept and read again, and it says that all is well. */
async function well({ level }: Load): Promise<void> {
  await eventually(async () => {
    const entries = Array.from({ length: 12 }, (_, i) => sampleEntry({ key: `probe${i}`, freshUntil: 600_000 }));
    for (const entry of entries) {
      expect(await level.write(entry)).toBe(true);
      expect(await level.read(entry.key)).toEqual([entry]);
    }
    expect(level.health()).toMatchObject({ state: 'ok', why: undefined });
  }, 15_000);
}

async function degraded({ level }: Load): Promise<void> {
  await eventually(() => expect(level.health().state).toBe('degraded'));
}

describe('every call keeps its deadline, nothing wrong is read, and it recovers by itself, while Redis', () => {
  it('is frozen', async () => {
    const redis = await begin(startRedis());
    const running = await load(redis.url);
    for (let round = 0; round < 3; round++) {
      await running.goesOn(200);
      redis.freeze();
      closing.push(() => redis.thaw());
      await degraded(running);
      await running.goesOn(2_000);
      redis.thaw();
      await well(running);
    }
    expect((await running.stop()).hits).toBeGreaterThan(100);
  });

  it('is slow', async () => {
    const redis = await begin(startRedis());
    const line = await slowLine(redis.port);
    closing.push(() => line.close());
    const running = await load(`redis://127.0.0.1:${line.port}`);
    await running.goesOn(200);
    line.delay(200);
    await degraded(running);
    await running.goesOn(2_000);
    line.delay(0);
    await well(running);
    await running.goesOn(500);
    expect((await running.stop()).hits).toBeGreaterThan(50);
  });

  it('is killed, and comes back empty', async () => {
    const redis = await begin(startRedis());
    const running = await load(redis.url);
    for (let round = 0; round < 3; round++) {
      await running.goesOn(200);
      await redis.kill();
      await degraded(running);
      await running.goesOn(1_000);
      await redis.restart();
      await well(running);
    }
    expect((await running.stop()).failed).toBeGreaterThan(0);
  });

  it('is flushed', async () => {
    const redis = await begin(startRedis());
    const running = await load(redis.url);
    for (let round = 0; round < 20; round++) {
      await running.goesOn(100);
      await redis.flush();
    }
    await well(running);
    await running.goesOn(500);
    expect((await running.stop()).hits).toBeGreaterThan(100);
  });

  it('fails over, asked to and unasked', { timeout: 90_000 }, async () => {
    const sentinels = await begin(startSentinel());
    const running = await load(sentinels.url);
    await running.goesOn(300);
    await sentinels.failover();
    await well(running);
    await running.goesOn(300);
    await sentinels.killMaster();
    await well(running);
    expect((await running.stop()).hits).toBeGreaterThan(100);
  });

  it('moves its slots', { timeout: 90_000 }, async () => {
    const cluster = await begin(startCluster());
    const running = await load(cluster.url);
    await well(running);
    await running.goesOn(500);
    const used = new Set<number>();
    for (const master of cluster.masters) {
      for (const name of (await master.command('KEYS', '*')) as string[]) {
        used.add((await master.command('CLUSTER', 'KEYSLOT', name)) as number);
      }
    }
    const owner = (slot: number): number =>
      cluster.masters.findIndex((_, i) => slot >= cluster.range(i)[0] && slot <= cluster.range(i)[1]);
    expect(used.size).toBeGreaterThan(20);
    for (const slot of used) await cluster.reshard(owner(slot), (owner(slot) + 1) % 3, [slot]);
    await well(running);
    expect((await running.stop()).hits).toBeGreaterThan(100);
  });
});
