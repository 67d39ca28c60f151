import { RANGES, type Range } from '../contracts/overview.ts';
import type { Timeline } from './timeline.ts';
import { applyRows, emptySums, type Sums } from './window.ts';

export interface RouteSpan {
  readonly current: Sums;
  /** Of the same range before it. */
  readonly previous: Sums;
}

/** Sums of single routes: made when somebody looks at one, and moved on from there. */
export interface FollowedRoutes {
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

  function begin(length: number, apply: (sums: Sums, n: number, sign: 1) => void): Followed {
    const now = timeline.count;
    const since = Math.max(0, now - 2 * length);
    const span = { current: emptySums(), previous: emptySums(), since, upTo: now };
    for (let n = since; n < now; n++) apply(n < now - length ? span.previous : span.current, n, 1);
    return span;
  }

  /** Whether the oldest second in the sums is still there to be taken away. */
  function canMoveOn({ since, upTo }: Followed, length: number): boolean {
    const oldest = Math.max(since, upTo - 2 * length);
    return oldest >= timeline.count || timeline.nth(oldest) !== undefined;
  }

  return {
    of(id, range) {
      const length = RANGES[range];
      const rows = { ids: [id] };
      const key = `${id} ${range}`;
      const apply = (sums: Sums, n: number, sign: 1 | -1): void => {
        const frame = timeline.nth(n);
        if (frame !== undefined) applyRows(sums, frame, sign, rows);
      };
      const known = followed.get(key);
      const span = known !== undefined && canMoveOn(known, length) ? known : begin(length, apply);
      for (; span.upTo < timeline.count; span.upTo++) {
        apply(span.current, span.upTo, 1);
        const [left, gone] = [span.upTo - length, span.upTo - 2 * length];
        if (left >= span.since) {
          apply(span.current, left, -1);
          apply(span.previous, left, 1);
        }
        if (gone >= span.since) apply(span.previous, gone, -1);
      }
      followed.delete(key);
      followed.set(key, span);
      if (followed.size > MOST_FOLLOWED) followed.delete(followed.keys().next().value as string);
      return span;
    },
  };
}
