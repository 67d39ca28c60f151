import type { KeyCount, KeyCounters, SnapshotWants } from '../contracts/control.ts';
import type { MissReason } from '../contracts/traffic.ts';
import type { Clock } from '../kernel/clock.ts';
import { boundedKey } from './bounded-key.ts';
import { mergeCounts, type CountList } from './merge-counts.ts';
import { SpaceSaving } from './space-saving.ts';

const HOUR_MS = 3_600_000;

/**
 * With 6 hours, a worker's 12 sketches of 800 counters take at most 4 MiB (measured: 3.5 million bytes): about 316 bytes
 * for a counter of asked keys (280 of them for the longest key, of one byte a character as all that HTTP gives), 84 more
 * for the reasons of one of missed keys. A sketch is there once its hour has counted something.
 */
export const KEY_COUNTERS = { hours: 6, capacity: 800, longestKey: 256 } as const;

export interface KeyCountersOptions {
  readonly clock: Clock;
  /** Hours that are kept, the current one among them. */
  readonly hours?: number;
  /** Counters per hour, for asked and missed keys each. */
  readonly capacity?: number;
  /** Characters of the longest key that is kept whole; of a longer one its start and a digest. */
  readonly longestKey?: number;
}

/** Which keys are asked for and missed most, of the last hours, in bounded memory. One per gateway worker. */
export interface KeyMeter {
  /** @param count how often; 0 counts nothing */
  asked(key: string, service: string, route: string, count: number): void;
  missed(key: string, service: string, route: string, reason: MissReason): void;
  /** @param wants `hours` beyond those that are kept are as many as are */
  read(wants: Required<SnapshotWants>['keys']): KeyCounters;
}

/** What one hour has counted. */
interface Hour {
  readonly number: number;
  readonly asked: SpaceSaving;
  readonly missed: SpaceSaving;
}

/** Hours are counted from the start by the monotonic clock: a wall clock that steps moves no count to another hour. */
export function createKeyCounters({
  clock,
  hours = KEY_COUNTERS.hours,
  capacity = KEY_COUNTERS.capacity,
  longestKey = KEY_COUNTERS.longestKey,
}: KeyCountersOptions): KeyMeter {
  const startedAt = clock.mono();
  /** Hour n is at n modulo `hours`, until a later one takes its place. */
  const ring: (Hour | undefined)[] = Array.from({ length: hours }, () => undefined);
  let lastKey = '';
  let lastBounded = '';

  const hourNow = (): number => Math.floor((clock.mono() - startedAt) / HOUR_MS);

  function current(): Hour {
    const number = hourNow();
    const known = ring[number % hours];
    if (known?.number === number) return known;
    const hour = { number, asked: new SpaceSaving(capacity, false), missed: new SpaceSaving(capacity, true) };
    ring[number % hours] = hour;
    return hour;
  }

  /** A request that misses is counted twice in a row: its key is hashed once. */
  function bounded(key: string): string {
    if (key.length <= longestKey) return key;
    if (key !== lastKey) {
      lastBounded = boundedKey(key, longestKey);
      lastKey = key;
    }
    return lastBounded;
  }

  return {
    asked(key, service, route, count) {
      if (count > 0) current().asked.add(bounded(key), service, route, count);
    },
    missed(key, service, route, reason) {
      current().missed.add(bounded(key), service, route, 1, reason);
    },
    read({ top, hours: wanted }) {
      const now = hourNow();
      const oldest = Math.max(0, now - Math.min(wanted, hours) + 1);
      const counted = ring.filter(
        (hour) => hour !== undefined && hour.number >= oldest && hour.number <= now,
      ) as Hour[];
      const merged = (of: 'asked' | 'missed') =>
        mergeCounts(
          counted.map((hour) => hour[of]),
          top,
        );
      const asked = merged('asked');
      const missed = merged('missed');
      return {
        from: Math.floor(clock.wall() - (clock.mono() - startedAt - oldest * HOUR_MS)),
        asked: asked.rows,
        missed: missed.rows,
        unlisted: { asked: asked.unlisted, missed: missed.unlisted },
      };
    },
  };
}

/** The counters of several workers together; undefined of none. @param top most rows of each list */
export function mergeKeyCounters(list: readonly KeyCounters[], top: number): KeyCounters | undefined {
  if (list.length === 0) return undefined;
  const merged = (of: 'asked' | 'missed') =>
    mergeCounts(
      list.map((counters) => listOf(counters[of], counters.unlisted[of])),
      top,
    );
  const asked = merged('asked');
  const missed = merged('missed');
  return {
    from: Math.min(...list.map(({ from }) => from)),
    asked: asked.rows,
    missed: missed.rows,
    unlisted: { asked: asked.unlisted, missed: missed.unlisted },
  };
}

function listOf(rows: readonly KeyCount[], floor: number): CountList {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return {
    keys: rows.map(({ key }) => key),
    floor,
    countAt: (index) => (rows[index] as KeyCount).count,
    row: (key) => byKey.get(key),
  };
}
