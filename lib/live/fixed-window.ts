import { MOST_SAMPLES, WINDOW_STEPS, type Sample } from '../contracts/overview.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Frame } from './frame.ts';
import { createSampleMaker } from './sample.ts';
import { createRest } from './rest.ts';
import type { Rows } from './scope.ts';
import type { Timeline } from './timeline.ts';
import { applyFrame, applyRows, emptySums, emptyWindow, sumServices, type Sums, type Window } from './window.ts';

export interface WindowSpan {
  /** Wall ms, multiples of the step. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly step: number;
}

/** The whole steps that cover a window, as fine as MOST_SAMPLES allows; it's at most LONGEST_WINDOW_MS long. */
export function windowSpan(from: number, to: number): WindowSpan {
  const spans = WINDOW_STEPS.map((step) => {
    const ms = step * 1_000;
    return { from: Math.floor(from / ms) * ms, to: Math.ceil(to / ms) * ms, step };
  });
  const fits = spans.find((span) => (span.to - span.from) / span.step <= MOST_SAMPLES * 1_000);
  return fits ?? (spans.at(-1) as WindowSpan);
}

export interface WindowSums {
  readonly current: Window;
  readonly sums: Sums;
  readonly previous: Sums;
  /** Seconds with data of the same length before it. */
  readonly previousSeconds: number;
  readonly samples: readonly Sample[];
}

/**
 * Adds up a window of the past from its seconds; what isn't kept is unknown. Takes some ms of work for an hour, in
 * slices, while new seconds may come.
 *
 * @param services the service of each route that it speaks of, by the route's id, ascending
 */
export async function sumWindow(
  timeline: Timeline,
  { from, to, step }: WindowSpan,
  services: ReadonlyMap<number, string>,
  clock: Clock,
): Promise<WindowSums> {
  const rows: Rows = { ids: [...services.keys()] };
  const maker = createSampleMaker();
  const current = emptyWindow();
  const previous = emptySums();
  const samples: Sample[] = [];
  let previousSeconds = 0;
  const rest = createRest(clock);

  const before = timeline.between(from - (to - from), from);
  const frames = timeline.between(from, to);
  for (const frame of before) {
    previousSeconds += frame.span;
    applyRows(previous, frame, 1, rows);
    await rest();
  }
  let next = 0;
  for (let end = from + step * 1_000; end <= to; end += step * 1_000) {
    for (; next < frames.length && (frames[next] as Frame).at <= end; next++) {
      const frame = frames[next] as Frame;
      maker.add(frame, rows);
      applyFrame(current, frame, 1, (id) => services.get(id), true, rows.ids);
      await rest();
    }
    samples.push(maker.take(end));
    await rest();
  }
  return { current, sums: sumServices(current, current.services.keys()), previous, previousSeconds, samples };
}
