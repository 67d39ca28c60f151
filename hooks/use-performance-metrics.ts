'use client';

import { useMemo, useState } from 'react';
import type { Overview } from '../lib/contracts/overview';
import type { LiveState } from './live-state';
import { toPoints, type Point } from './series';
import { useOverview, type Look, type OverviewState } from './use-overview';
import type { LiveOptions } from './use-live';

/** What the performance page shows; each state has its own face and its own next step. */
export type PerformanceState =
  | Exclude<OverviewState, { status: 'ready' }>
  | { readonly status: 'empty'; readonly overview: Overview }
  | {
      readonly status: 'ready';
      readonly overview: Overview;
      readonly points: readonly Point[];
    };

export interface PerformanceMetrics {
  readonly state: PerformanceState;
  readonly live: LiveState;
  refresh(): void;
}

/** Whether anybody asked for anything in the range, as far as is known. */
const quiet = (overview: Overview): boolean =>
  (overview.summary.requestsPerSecond ?? 0) === 0 &&
  overview.samples.every((sample) => Object.values(sample.answered).every((count) => count === 0));

const NONE: Overview['samples'] = [];

const isLiveOf = (overview: Overview, { service, route, time }: Look): boolean =>
  time.kind === 'live' && overview.service === service && overview.route === route && overview.range === time.range;

/**
 * The performance page's data. While `hold` is true (paused, or the pointer rests on what would move) the page
 * keeps what it shows; the data behind it moves on, so that letting go jumps to now.
 */
export function usePerformanceMetrics(look: Look, hold: boolean, options?: LiveOptions): PerformanceMetrics {
  const { state, live, refresh } = useOverview(look, options);
  const [held, setHeld] = useState(state);
  // Another service, route or time shows at once; only what moves by itself is held.
  const frozen = hold && held.status === 'ready' && isLiveOf(held.overview, look);
  if (!frozen && held !== state) setHeld(state);
  const shown = frozen ? held : state;

  // By the samples' identity: beside a window that stands still, what holds now still moves.
  const samples = shown.status === 'ready' ? shown.overview.samples : NONE;
  const points = useMemo(() => toPoints(samples), [samples]);
  const performance = useMemo<PerformanceState>(() => {
    if (shown.status !== 'ready') return shown;
    const { overview } = shown;
    if (quiet(overview)) return { status: 'empty', overview };
    return { status: 'ready', overview, points };
  }, [shown, points]);
  return { state: performance, live, refresh };
}
