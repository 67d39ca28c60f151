import { RANGES, type Range } from '../contracts/overview.ts';
import type { Rest } from './rest.ts';
import type { Rows } from './scope.ts';
import type { Timeline } from './timeline.ts';
import { applyRows, emptySums, type Sums } from './window.ts';

export interface RouteSpan {
  readonly current: Sums;
  /** Of the same range before it. */
  readonly previous: Sums;
}

/** Sums of single routes: made when somebody looks at one, and moved on from there. */
export interface FollowedRoutes {
  /** How many seconds its sums have yet to take in before they can be read. */
  behind(id: number, range: Range): number;
  /** Takes them in, resting after each. */
  prepare(id: number, range: Range, rest: Rest): Promise<void>;
  /** The sums of one route over a range up to now; to be read at once. */
  of(id: number, range: Range): RouteSpan;
}

/** Routes and ranges that are followed at a time, 54 KiB each; the one that nobody asked for longest makes room. */
export const MOST_FOLLOWED = 256;

interface Followed extends RouteSpan {
  /** Seconds from number `since` on, up to and without number `upTo`, are in the sums or have left them. */
  readonly since: number;
  upTo: number;
}

export function createFollowedRoutes(timeline: Timeline): FollowedRoutes {
  const followed = new Map<string, Followed>();

  function begin(length: number): Followed {
    const since = Math.max(0, timeline.count - 2 * length);
    return { current: emptySums(), previous: emptySums(), since, upTo: since };
  }

  /** Whether the oldest second in the sums is still there to be taken away. */
  function canMoveOn({ since, upTo }: Followed, length: number): boolean {
    const oldest = Math.max(since, upTo - 2 * length);
    return oldest >= timeline.count || timeline.nth(oldest) !== undefined;
  }

  function find(id: number, range: Range): Followed | undefined {
    const known = followed.get(`${id} ${range}`);
    return known !== undefined && canMoveOn(known, RANGES[range]) ? known : undefined;
  }

  /** As it was left, or begun anew; the last to make room. */
  function follow(id: number, range: Range): Followed {
    const key = `${id} ${range}`;
    const span = find(id, range) ?? begin(RANGES[range]);
    followed.delete(key);
    followed.set(key, span);
    if (followed.size > MOST_FOLLOWED) followed.delete(followed.keys().next().value as string);
    return span;
  }

  function moveOn(span: Followed, rows: Rows, length: number): void {
    const apply = (sums: Sums, n: number, sign: 1 | -1): void => {
      const frame = n < span.since ? undefined : timeline.nth(n);
      if (frame !== undefined) applyRows(sums, frame, sign, rows);
    };
    apply(span.current, span.upTo, 1);
    apply(span.current, span.upTo - length, -1);
    apply(span.previous, span.upTo - length, 1);
    apply(span.previous, span.upTo - 2 * length, -1);
    span.upTo++;
  }

  return {
    behind(id, range) {
      const upTo = find(id, range)?.upTo ?? Math.max(0, timeline.count - 2 * RANGES[range]);
      return timeline.count - upTo;
    },
    async prepare(id, range, rest) {
      const [span, length] = [follow(id, range), RANGES[range]];
      // Who rests for too long begins anew, when it's asked for.
      while (span.upTo < timeline.count && canMoveOn(span, length)) {
        moveOn(span, { ids: [id] }, length);
        await rest();
      }
    },
    of(id, range) {
      const span = follow(id, range);
      while (span.upTo < timeline.count) moveOn(span, { ids: [id] }, RANGES[range]);
      return span;
    },
  };
}
