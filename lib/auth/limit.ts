import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { PitwallError } from '../kernel/errors.ts';

/** Most keys that one limit remembers; whoever comes when there are as many is counted together with the others. */
const MOST_KEYS = 10_000;
const OTHERS = 'others';

/** At most so many of something in a time. */
export interface Limit {
  /** Counts one. Rejects with `too_many_requests` past the limit. */
  take(key: string): Promise<void>;
  /** Counts nothing. Rejects with `too_many_requests` when the limit is reached. */
  check(key: string): Promise<void>;
}

export interface LimitOptions {
  /** Unique: it's in Redis' keys. */
  readonly name: string;
  readonly most: number;
  readonly seconds: number;
  /** What there are too many of, for people: "log-ins". */
  readonly what: string;
  /** Shared by a fleet; this process counts alone while it's away, and where there's none. */
  readonly redis?: { readonly client: unknown; readonly prefix: string } | undefined;
}

export function createLimit({ name, most, seconds, what, redis }: LimitOptions): Limit {
  const remembered = createRemembered(seconds * 1_000);
  const bounds = { points: most, duration: seconds };
  const memory = new RateLimiterMemory(bounds);
  const limiter: RateLimiterAbstract =
    redis === undefined
      ? memory
      : new RateLimiterRedis({
          ...bounds,
          storeClient: redis.client,
          keyPrefix: `${redis.prefix}limit:${name}`,
          insuranceLimiter: memory,
        });

  function refusal(msBeforeNext: number): PitwallError {
    const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1_000));
    return new PitwallError('too_many_requests', `Too many ${what}: try again in ${retryAfter} s.`, { retryAfter });
  }

  return {
    async take(key) {
      try {
        await limiter.consume(remembered.take(key));
      } catch (refused) {
        if (refused instanceof Error) throw refused;
        throw refusal((refused as { msBeforeNext: number }).msBeforeNext);
      }
    },
    async check(key) {
      const counted = await limiter.get(remembered.look(key));
      if (counted !== null && counted.consumedPoints >= most) throw refusal(counted.msBeforeNext);
    },
  };
}

/** Which keys are counted by themselves. */
function createRemembered(ms: number): { take(key: string): string; look(key: string): string } {
  /** Of this span of time and of the one before: a count is over within two. */
  let current = new Set<string>();
  let previous = new Set<string>();
  let begun = Date.now();

  function turn(): void {
    const gone = Date.now() - begun;
    if (gone < ms) return;
    previous = gone < 2 * ms ? current : new Set();
    current = new Set();
    begun = Date.now();
  }

  return {
    take(key) {
      turn();
      if (current.has(key)) return key;
      if (!previous.delete(key) && current.size + previous.size >= MOST_KEYS) return OTHERS;
      current.add(key);
      return key;
    },
    look(key) {
      turn();
      if (current.has(key) || previous.has(key)) return key;
      return current.size + previous.size >= MOST_KEYS ? OTHERS : key;
    },
  };
}

/** What is counted as one client: an IPv4 address, or the /64 that an IPv6 client has for itself (RFC 6177). */
export function clientKey(address: string | undefined): string {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const front = head.split(':').filter(Boolean);
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
