'use client';

import { useCallback, useMemo } from 'react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Change } from '../lib/contracts/changes';
import {
  overviewSchema,
  type Overview,
  type OverviewTick,
  type Range,
  type ServiceState,
  type Watch,
} from '../lib/contracts/overview';
import { foldChange } from './fold-change';
import { foldTick } from './fold-tick';
import type { LiveState } from './live-state';
import { useApi } from './use-api';
import { useLive, type LiveOptions } from './use-live';
import type { View } from './view';

/** What is known of one overview. `stale` data stays on screen while a newer one can't be had. */
export type OverviewState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: unknown; readonly retrying: boolean }
  | { readonly status: 'ready'; readonly overview: Overview };

export interface OverviewResult {
  readonly state: OverviewState;
  readonly live: LiveState;
  /** Loads anew, whatever is on screen. */
  refresh(): void;
}

/** What is looked at, and when. */
export type Look = Pick<View, 'service' | 'route' | 'time'>;

/** Shorter windows than the range picker's least still need something to watch: what holds now comes with it. */
const BESIDE_WINDOW: Range = '1m';
/** ms after which a window that isn't over is asked for again. */
const GROWING = 5_000;

const isSample = ({ sample }: ServiceState): boolean => sample;

type Key = readonly unknown[];
const keyOf = ({ service, route, time }: Look): Key =>
  time.kind === 'live' ? ['overview', service, route, time.range] : ['overview', service, route, time.from, time.to];
/** Under which an overview that came by itself is held; undefined for one of a fixed window. */
const keyOfTick = ({ service, route, range }: OverviewTick): Key => ['overview', service, route, range];

function pathOf({ service, route, time }: Look): string {
  const query = new URLSearchParams({ service });
  if (route !== null) query.set('route', route);
  if (time.kind === 'live') query.set('range', time.range);
  else {
    query.set('from', String(time.from));
    query.set('to', String(time.to));
  }
  return `/api/performance/overview?${query}`;
}

/** A window of the past with what holds now. */
function withPresent(past: Overview, now: Overview | undefined): Overview {
  if (now === undefined) return past;
  const { services, health, instances, gateway, sampleTraffic, configError } = now;
  return { ...past, services, health, instances, gateway, sampleTraffic, configError };
}

/**
 * One overview: loaded once, then moved on by ticks. React Query holds the state; several callers share it.
 * A fixed window stands still; beside it, what holds now is watched.
 */
export function useOverview({ service, route, time }: Look, options?: LiveOptions): OverviewResult {
  const client = useQueryClient();
  const api = useApi();
  const fixed = time.kind === 'window';
  const range = fixed ? BESIDE_WINDOW : time.range;
  const settings = (look: Look) => ({
    queryKey: keyOf(look),
    queryFn: () => api.get(pathOf(look), overviewSchema),
    staleTime: Infinity,
    structuralSharing: false,
  });

  const query = useQuery({
    ...settings({ service, route, time }),
    refetchInterval: () => (fixed && time.to > Date.now() ? GROWING : false),
    // Another range replaces what is shown when it's there, without a flash of nothing.
    placeholderData: keepPreviousData,
  });
  const beside = useQuery({ ...settings({ service, route, time: { kind: 'live', range } }), enabled: fixed });

  const refresh = useCallback(() => void client.invalidateQueries({ queryKey: ['overview'] }), [client]);
  const onOverview = useCallback((overview: Overview) => client.setQueryData(keyOfTick(overview), overview), [client]);
  const onTick = useCallback(
    (tick: OverviewTick) => {
      const queryKey = keyOfTick(tick);
      const held = client.getQueryData<Overview>(queryKey);
      if (held === undefined) return;
      const { overview, missed } = foldTick(held, tick);
      client.setQueryData(queryKey, overview);
      const turned = tick.services.some(isSample) !== held.services.some(isSample);
      if (missed > 0 || turned) void client.invalidateQueries({ queryKey });
    },
    [client],
  );
  const onChange = useCallback(
    (change: Change) =>
      client.setQueriesData<Overview>({ queryKey: ['overview'] }, (held) => held && foldChange(held, change)),
    [client],
  );
  const watch = useMemo<Watch>(() => ({ service, range, ...(route !== null && { route }) }), [service, route, range]);
  const live = useLive(watch, { onOverview, onTick, onChange }, options);

  const { error, isFetching } = query;
  const past = query.data;
  const present = fixed ? beside.data : undefined;
  const data = useMemo(() => past && withPresent(past, present), [past, present]);
  const state = useMemo<OverviewState>(() => {
    if (data !== undefined) return { status: 'ready', overview: data };
    if (error !== null) return { status: 'failed', error, retrying: isFetching };
    return { status: 'loading' };
  }, [data, error, isFetching]);
  return { state, live, refresh };
}
