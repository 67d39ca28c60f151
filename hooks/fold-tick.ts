import { RANGES, type Overview, type OverviewTick, type Sample } from '../lib/contracts/overview';

const SECOND = 1_000;

/** A second about which nothing is known. */
export function unknownSample(at: number): Sample {
  return {
    at,
    known: false,
    answered: { l1: 0, l2: 0, l3: 0, stale: 0, coalesced: 0, origin: 0, error: 0 },
    originCalls: 0,
    originErrors: 0,
    gatewayErrors: 0,
    aborted: 0,
    bytesSent: 0,
    bytesSaved: 0,
    wouldHave: 0,
    hit: null,
    miss: null,
  };
}

export interface Folded {
  readonly overview: Overview;
  /** Seconds that ticks skipped: filled as unknown, to be fetched. */
  readonly missed: number;
}

/**
 * The overview one tick later: the sample appended, those past the range dropped. A tick for another view or
 * from before the last sample changes nothing; one for the same second replaces it. Samples stay in order of time.
 */
export function foldTick(overview: Overview, tick: OverviewTick): Folded {
  const last = overview.samples.at(-1);
  const foreign = tick.service !== overview.service || tick.range !== overview.range;
  if (foreign || (last !== undefined && tick.sample.at < last.at)) return { overview, missed: 0 };

  const span = RANGES[tick.range];
  const before = last?.at === tick.sample.at ? overview.samples.slice(0, -1) : overview.samples;
  const seconds = last === undefined ? 1 : Math.round((tick.sample.at - last.at) / SECOND);
  const missed = Math.min(Math.max(seconds - 1, 0), span - 1);
  const holes = Array.from({ length: missed }, (_, i) => unknownSample(tick.sample.at - (missed - i) * SECOND));
  const oldest = tick.sample.at - span * SECOND;
  const samples = [...before, ...holes, tick.sample].filter((sample) => sample.at > oldest);
  return { overview: { ...tick, samples, changes: overview.changes }, missed };
}
