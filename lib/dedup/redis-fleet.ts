import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { Guard } from '../kernel/guard.ts';
import { runScript, type Script } from '../kernel/redis-script.ts';
import { HOLD, LAND, TAKE } from './fleet-scripts.ts';
import type { Fleet, Landing, Turn } from './fleet.ts';
import { createWaiting, type Waiter } from './fleet-waiting.ts';

/** How long a lease holds without a sign of life, ms: a leader that died is replaced after at most this and a look. */
export const LEASE_MS = 600;
/** How often the leases of this instance are held on to, ms. */
const HOLD_EVERY_MS = 200;
/** How often Redis is tried while somebody waits, ms: with the guard's deadline, what a frozen Redis costs a waiter. */
const TRY_EVERY_MS = 20;
/** Those who wait look at the lease this long after it would have run out, and up to as long again, ms. */
const LOOK_AFTER_MS = 20;

export interface RedisFleetDeps {
  readonly commands: Redis | Cluster;
  /** Used for nothing but subscriptions. */
  readonly subscriber: Redis | Cluster;
  /** Its deadline is what `enter` costs at most when Redis is slow. */
  readonly guard: Guard;
  /** Starts every key and the channel. */
  readonly prefix: string;
  /** Of this worker's life among all: fresh and random. */
  readonly id: string;
  /** 0 to 1, so that those who wait don't look at the same time. */
  readonly random: () => number;
  /** Most leases at a time; past it `alone`. */
  readonly maxLeases?: number;
  /** Most who wait at a time; past it `alone`. */
  readonly maxWaiting?: number;
}

export interface RedisFleet extends Fleet {
  readonly leases: number;
  readonly waiting: number;
  close(): void;
}

/** Turns by leases in Redis. Each lease is one small hash with a TTL; landings are told over one channel. */
export function createRedisFleet(deps: RedisFleetDeps): RedisFleet {
  const { commands, subscriber, guard, prefix, id, random, maxLeases = 10_000, maxWaiting = 10_000 } = deps;
  const channel = `${prefix}landed`;
  /** By lease; `held`: it's older than a round, so it has to be held on to. Most calls are over before. */
  const leases = new Map<string, { readonly owner: string; readonly held: boolean }>();
  const waiting = createWaiting();
  let count = 0;
  let closed = false;

  /** Calls to `take` under way: each may become a lease. */
  let taking = 0;

  const run = (script: Script, lease: string, ...args: readonly (string | number)[]): Promise<unknown> =>
    guard.run(() => runScript(commands, script, [lease], args));

  function listen(): void {
    if (!closed) subscriber.subscribe(channel).catch(() => undefined);
  }
  function hear(from: string, message: string): void {
    if (from !== channel) return;
    const at = message.indexOf(' ');
    waiting.land(message.slice(at + 1), message.slice(0, at) === 'stored' ? 'stored' : 'alone');
  }
  /** What was told meanwhile is lost: everybody looks, or goes alone if Redis is. */
  function lookAll(): void {
    for (const waiter of waiting.all()) void look(waiter);
  }
  subscriber.on('ready', listen);
  subscriber.on('message', hear);
  subscriber.on('close', lookAll);
  if (subscriber.status === 'ready') listen();

  const holding = setInterval(() => {
    for (const [lease, { owner, held }] of leases) {
      if (held) run(HOLD, lease, owner, LEASE_MS).catch(() => undefined);
      else leases.set(lease, { owner, held: true });
    }
  }, HOLD_EVERY_MS).unref();
  let trying: NodeJS.Timeout | undefined;
  let tried = true;

  /**
   * While somebody waits, Redis has to answer: who waits for a landing that it can't tell goes alone. Asked about one
   * of those who wait, another one each time, so that in a cluster every node comes by.
   */
  function tryRedis(): void {
    if (waiting.size === 0) {
      clearInterval(trying);
      trying = undefined;
    } else if (tried) {
      tried = false;
      const lease = waiting.next() as string;
      guard
        .run(() => commands.exists(lease))
        .catch(() => waiting.endAll({ kind: 'alone' }))
        .finally(() => (tried = true));
    }
  }

  async function take(lease: string, waited: boolean): Promise<Turn | { readonly wait: number }> {
    const owner = `${id}:${++count}`;
    let late = false;
    taking++;
    try {
      const taken = await guard.run(async () => {
        const answer = (await runScript(commands, TAKE, [lease], [owner, LEASE_MS])) as [number, number];
        // Nobody waits for it any more, and nobody else may have to wait because of it.
        if (late && answer[0] > 0) await runScript(commands, LAND, [lease], [owner, channel, `alone ${lease}`]);
        return answer;
      });
      const [fence, ttl] = taken;
      if (fence === 0) return { wait: Math.max(0, ttl) };
      leases.set(lease, { owner, held: false });
      return { kind: 'lead', fence, waited, land: (landing) => land(lease, owner, landing) };
    } catch {
      late = true;
      return { kind: 'alone' };
    } finally {
      taking--;
    }
  }

  function land(lease: string, owner: string, landing: Landing): void {
    if (leases.get(lease)?.owner !== owner) return;
    leases.delete(lease);
    // If it can't be told, the lease runs out.
    run(LAND, lease, owner, channel, `${landing} ${lease}`).catch(() => undefined);
  }

  async function look(waiter: Waiter): Promise<void> {
    if (waiter.looking) return;
    waiter.looking = true;
    const turn = await take(waiter.lease, true);
    waiter.looking = false;
    if ('wait' in turn) lookLater(waiter, turn.wait);
    // It has left meanwhile.
    else if (!waiting.end(waiter, turn) && turn.kind === 'lead') turn.land('alone');
  }

  function lookLater(waiter: Waiter, ms: number): void {
    clearTimeout(waiter.timer);
    if (!waiting.has(waiter)) return;
    waiter.timer = setTimeout(() => void look(waiter), ms + LOOK_AFTER_MS * (1 + random())).unref();
  }

  return {
    get leases() {
      return leases.size;
    },
    get waiting() {
      return waiting.size;
    },
    async enter(key, signal) {
      const lease = `${prefix}lease:${createHash('sha256').update(key).digest('base64url').slice(0, 27)}`;
      if (closed || leases.size + taking >= maxLeases || waiting.size >= maxWaiting) return { kind: 'alone' };
      // Heard from before it's asked, so that a landing in between isn't missed.
      const { waiter, turn } = waiting.enter(lease, signal);
      const first = await take(lease, false);
      if (!('wait' in first)) {
        if (!waiting.end(waiter, first) && first.kind === 'lead') first.land('alone');
        return turn;
      }
      lookLater(waiter, first.wait);
      trying ??= setInterval(tryRedis, TRY_EVERY_MS).unref();
      return turn;
    },
    close() {
      closed = true;
      clearInterval(holding);
      clearInterval(trying);
      subscriber.off('ready', listen);
      subscriber.off('message', hear);
      subscriber.off('close', lookAll);
      waiting.endAll({ kind: 'alone' });
    },
  };
}
