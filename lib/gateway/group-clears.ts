import type { ClearFollower } from '../cache/clear-follower.ts';
import type { ClearScope, ClearSource } from '../cache/clear-record.ts';
import { MAX_TAG_LENGTH } from '../cache/tags.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { after as realTimer, type After } from '../kernel/timer.ts';

/** Groups of one answer that are cleared one by one; with more, all of their origin is. RFC 9875 section 2 asks for 32. */
export const MAX_GROUPS = 32;
/** Clears that may wait to be written; past it all of an origin, then of a service, is cleared instead. */
export const MAX_WAITING = 1_024;
/** Clears that are written at once, and how often one more may be, ms: clients make them, and the log is bounded. */
export const BURST = 64;
export const EVERY_MS = 100;
/** Longest that an answer waits until a clear is in force here, ms. */
const HOLD_MS = 250;
/** Pause after the log couldn't be written, ms. */
const RETRY_MS = 1_000;

/** Whose groups they are: of one origin, within the service that answers for it. */
export interface GroupOwner {
  readonly service: string;
  /** `http://host:port`, as in keys. */
  readonly origin: string;
}

/** Clears of groups that origins ask for (RFC 9875 section 3), on their way into the clear log. */
export interface GroupClears {
  /**
   * Clears hard what is stored of these groups, with every instance. Never rejects; resolves once that is in force
   * here, has failed for the first time, or takes longer than HOLD_MS: it's tried again until the log takes it.
   */
  clear(owner: GroupOwner, groups: readonly string[]): Promise<void>;
  /** Writes what waits, and ends. */
  close(): Promise<void>;
}

export interface GroupClearsDeps {
  readonly source: Pick<ClearSource, 'append'>;
  readonly follower: Pick<ClearFollower, 'catchUp'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly after?: After;
}

interface Waiting {
  readonly name: string;
  readonly scope: ClearScope;
  readonly settled: PromiseWithResolvers<void>;
}

export function createGroupClears({
  source,
  follower,
  clock,
  logger,
  after = realTimer,
}: GroupClearsDeps): GroupClears {
  /** By scope: what is asked for again before it's written is written once. */
  const waiting = new Map<string, Waiting>();
  let working: Promise<void> | undefined;
  let tokens = BURST;
  let filledAt = clock.mono();
  let failing = false;
  let closed = false;
  let wake = (): void => undefined;

  function enter(scope: ClearScope): Promise<void> {
    const name = JSON.stringify(scope);
    let entry = waiting.get(name);
    if (entry === undefined) {
      entry = { name, scope, settled: Promise.withResolvers() };
      waiting.set(name, entry);
    }
    working ??= work().finally(() => (working = undefined));
    return entry.settled.promise;
  }

  function refill(): void {
    const now = clock.mono();
    tokens = Math.min(BURST, tokens + (now - filledAt) / EVERY_MS);
    filledAt = now;
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = after(ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
      if (closed) wake();
    });
  }

  async function work(): Promise<void> {
    while (waiting.size > 0) {
      refill();
      const most = closed ? waiting.size : Math.floor(tokens);
      const batch = [...waiting.values()].slice(0, most);
      tokens -= batch.length;
      for (const { name } of batch) waiting.delete(name);
      const failed = (await Promise.all(batch.map(write))).includes(false);
      if (closed && failed) return;
      if (failed) await pause(RETRY_MS);
      else if (batch.length === 0) await pause(EVERY_MS);
    }
  }

  /** @returns false where the log couldn't be written */
  async function write(entry: Waiting): Promise<boolean> {
    const { name, scope, settled } = entry;
    try {
      const { number } = await source.append({ scope, mode: 'hard' });
      failing = false;
      // A follower that is late has said so itself, and catches up.
      await follower.catchUp(number).catch(() => undefined);
      return true;
    } catch (err) {
      if (!waiting.has(name)) waiting.set(name, entry);
      if (!failing)
        logger.warn("Groups that an origin has changed can't be cleared yet: the clear log can't be written.", { err });
      failing = true;
      return false;
    } finally {
      settled.resolve();
    }
  }

  /** One scope for all of them where they are many, or too much waits. */
  function scopesOf({ service, origin }: GroupOwner, groups: readonly string[]): ClearScope[] {
    if (waiting.size >= 2 * MAX_WAITING) return [{ service }];
    if (groups.length > MAX_GROUPS || waiting.size >= MAX_WAITING) return [{ prefix: `${origin}/`, service }];
    return groups.map((tag) => ({ tag, service, origin }));
  }

  return {
    async clear(owner, given) {
      // Nothing is stored with a longer one.
      const groups = [...new Set(given)].filter((group) => group !== '' && group.length <= MAX_TAG_LENGTH);
      if (groups.length === 0) return;
      const late = Promise.withResolvers<void>();
      const cancel = after(HOLD_MS, late.resolve);
      await Promise.race([late.promise, Promise.all(scopesOf(owner, groups).map(enter))]);
      cancel();
    },
    async close() {
      closed = true;
      wake();
      await working;
    },
  };
}
