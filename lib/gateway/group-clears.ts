import type { ClearFollower } from '../cache/clear-follower.ts';
import type { ClearScope, ClearSource } from '../cache/clear-record.ts';
import { MAX_TAG_LENGTH } from '../cache/tags.ts';
import type { GatewayEvent } from '../contracts/control.ts';
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
/** Most groups that one line of the log names. */
export const MAX_TOLD = 10;

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
  /** Clears of a service that were written since the start. */
  count(service: string): number;
  /** Writes what waits, and ends. */
  close(): Promise<void>;
}

type GroupsCleared = Extract<GatewayEvent, { readonly type: 'groups-cleared' }>;
/** What was written at once, of one origin. */
type Cleared = Omit<GroupsCleared, 'type' | 'at'>;

export interface GroupClearsDeps {
  readonly source: Pick<ClearSource, 'append'>;
  readonly follower: Pick<ClearFollower, 'catchUp'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of what is in the log by now, at most once per clear. */
  emit(event: GroupsCleared): void;
  readonly after?: After;
}

/** A clear, and what it is told as. */
interface Named {
  readonly scope: ClearScope;
  readonly service: string;
  readonly origin: string | null;
  readonly group?: string;
}

interface Waiting extends Named {
  readonly name: string;
  readonly settled: PromiseWithResolvers<void>;
}

export function createGroupClears({
  source,
  follower,
  clock,
  logger,
  emit,
  after = realTimer,
}: GroupClearsDeps): GroupClears {
  /** By scope: what is asked for again before it's written is written once. */
  const waiting = new Map<string, Waiting>();
  const counts = new Map<string, number>();
  let working: Promise<void> | undefined;
  let tokens = BURST;
  let filledAt = clock.mono();
  let failing = false;
  let closed = false;
  let wake = (): void => undefined;

  function enter(named: Named): Promise<void> {
    const name = JSON.stringify(named.scope);
    let entry = waiting.get(name);
    if (entry === undefined) {
      entry = { ...named, name, settled: Promise.withResolvers() };
      waiting.set(name, entry);
    }
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
      const written = await Promise.all(batch.map(write));
      const failed = written.includes(false);
      tell(batch.filter((_, i) => written[i] === true));
      if (closed && failed) return;
      if (failed) await pause(RETRY_MS);
      else if (batch.length === 0) await pause(EVERY_MS);
    }
  }

  /** One line for all of an origin that was written at once: whoever sees entries vanish finds why. */
  function tell(written: readonly Waiting[]): void {
    for (const cleared of byOrigin(written)) {
      logger.info("An origin's answers have cleared groups (Cache-Group-Invalidation).", cleared);
      emit({ type: 'groups-cleared', ...cleared, at: clock.wall() });
      counts.set(cleared.service, (counts.get(cleared.service) ?? 0) + cleared.clears);
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
  function scopesOf({ service, origin }: GroupOwner, groups: readonly string[]): Named[] {
    if (waiting.size >= 2 * MAX_WAITING) return [{ scope: { service }, service, origin: null }];
    if (groups.length > MAX_GROUPS || waiting.size >= MAX_WAITING)
      return [{ scope: { prefix: `${origin}/`, service }, service, origin }];
    return groups.map((tag) => ({ scope: { tag, service, origin }, service, origin, group: tag }));
  }

  return {
    async clear(owner, given) {
      // Nothing is stored with a longer one.
      const groups = [...new Set(given)].filter((group) => group !== '' && group.length <= MAX_TAG_LENGTH);
      if (groups.length === 0) return;
      const late = Promise.withResolvers<void>();
      const cancel = after(HOLD_MS, late.resolve);
      const entered = scopesOf(owner, groups).map(enter);
      working ??= work().finally(() => (working = undefined));
      await Promise.race([late.promise, Promise.all(entered)]);
      cancel();
    },
    count: (service) => counts.get(service) ?? 0,
    async close() {
      closed = true;
      wake();
      await working;
    },
  };
}

/** What was written, by service and origin; what cleared all of an origin apart from its groups. */
function byOrigin(written: readonly Waiting[]): Cleared[] {
  const sorted = Map.groupBy(written, ({ service, origin, group }) => JSON.stringify([service, origin, !group]));
  return [...sorted.values()].map((clears) => {
    const { service, origin } = clears[0] as Waiting;
    const groups = clears.slice(0, MAX_TOLD).flatMap(({ group }) => group ?? []);
    return { service, origin, groups, clears: clears.length };
  });
}
