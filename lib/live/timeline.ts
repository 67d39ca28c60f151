import { RANGES, type Range } from '../contracts/overview.ts';
import type { Frame } from './frame.ts';
import { applyFrame, emptyWindow, type Window } from './window.ts';

const SECOND_MS = 1_000;

/** A range's running sums, and those of the same range before it. */
export interface RangeWindows {
  readonly current: Window;
  readonly previous: Window;
}

/**
 * The last seconds, and the sums of each range over them, kept up to date as seconds come and go.
 * One ends a second after the other, gaps too.
 */
export interface Timeline {
  readonly ranges: Readonly<Record<Range, RangeWindows>>;
  /** Seconds ever added. */
  readonly count: number;
  /** Seconds kept; no sum contains an older one. */
  readonly length: number;
  push(frame: Frame): void;
  /** The last `n` seconds, oldest first; fewer where there weren't as many. */
  last(n: number): Frame[];
  /** The kept seconds that end after `from` and not after `to` (wall ms), oldest first. */
  between(from: number, to: number): Frame[];
  /** Second number `n` of all that were ever added, from 0: of those that are kept, and the one before them. */
  nth(n: number): Frame | undefined;
  /** Drops the sums of routes and services that aren't wanted any more; they must be out of all kept seconds. */
  keep(routes: (id: number) => boolean, services: (name: string) => boolean): void;
}

/**
 * @param seconds how many are kept; at least twice the longest range, as "the range before" needs
 * @param serviceOf the service of a route's id; asked as long as a kept second names the route
 */
export function createTimeline(seconds: number, serviceOf: (id: number) => string): Timeline {
  const lengths = Object.entries(RANGES) as [Range, number][];
  const length = Math.max(seconds, 2 * Math.max(...Object.values(RANGES)));
  const frames: (Frame | undefined)[] = Array.from({ length: length + 1 });
  const ranges = Object.fromEntries(
    lengths.map(([range]) => [range, { current: emptyWindow(), previous: emptyWindow() }]),
  ) as Record<Range, RangeWindows>;
  let count = 0;
  const at = (n: number): Frame | undefined => (n < 0 ? undefined : frames[n % frames.length]);

  function slice(from: number, to: number): Frame[] {
    const found: Frame[] = [];
    for (let n = Math.max(0, count - length, from); n < Math.min(count, to); n++) found.push(at(n) as Frame);
    return found;
  }

  return {
    ranges,
    length,
    get count() {
      return count;
    },
    push(frame) {
      frames[count % frames.length] = frame;
      for (const [range, of] of lengths) {
        const { current, previous } = ranges[range];
        applyFrame(current, frame, 1, serviceOf, true);
        const left = at(count - of);
        if (left !== undefined) {
          applyFrame(current, left, -1, serviceOf, true);
          applyFrame(previous, left, 1, serviceOf, false);
        }
        const gone = at(count - 2 * of);
        if (gone !== undefined) applyFrame(previous, gone, -1, serviceOf, false);
      }
      count++;
    },
    last: (n) => slice(count - n, count),
    between(from, to) {
      const newest = at(count - 1);
      if (newest === undefined) return [];
      const after = (time: number): number => count + Math.floor((time - newest.at) / SECOND_MS);
      return slice(after(from), after(to));
    },
    nth: (n) => (n < count - frames.length || n >= count ? undefined : at(n)),
    keep(routes, services) {
      for (const { current, previous } of Object.values(ranges)) {
        for (const id of current.routes.keys()) if (!routes(id)) current.routes.delete(id);
        for (const window of [current, previous]) {
          for (const name of window.services.keys()) if (!services(name)) window.services.delete(name);
        }
      }
    },
  };
}
