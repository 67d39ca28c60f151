import type { Overview, OverviewTick, Sample } from '../lib/contracts/overview';

const SECOND = 1_000;

/** A step about which nothing is known. */
export function unknownSample(at: number): Sample {
  return {
    at,
    known: false,
    answered: { l1: 0, l2: 0, l3: 0, stale: 0, coalesced: 0, origin: 0, error: 0 },
    reasons: {},
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
  /** Steps that ticks skipped: filled as unknown, to be fetched. */
  readonly missed: number;
}

/**
 * The overview one tick later: the tick's sample replaces the last one, whose step it is, or is appended; those past
 * the range are dropped. A tick for another view or from before the last sample changes nothing. Samples stay in
 * order of time, a step apart.
 */
export function foldTick(overview: Overview, tick: OverviewTick): Folded {
  const last = overview.samples.at(-1);
  const foreign = tick.service !== overview.service || tick.route !== overview.route || tick.range !== overview.range;
  if (foreign || (last !== undefined && tick.sample.at < last.at)) return { overview, missed: 0 };

  const step = tick.step * SECOND;
  const before = last?.at === tick.sample.at ? overview.samples.slice(0, -1) : overview.samples;
  const steps = last === undefined ? 1 : Math.round((tick.sample.at - last.at) / step);
  const missed = Math.min(Math.max(steps - 1, 0), (tick.to - tick.from) / step - 1);
  const holes = Array.from({ length: missed }, (_, i) => unknownSample(tick.sample.at - (missed - i) * step));
  const samples = [...before, ...holes, tick.sample].filter((sample) => sample.at > tick.from);
  return { overview: { ...overview, ...tick, samples }, missed };
}
