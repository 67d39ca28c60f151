'use client';

import { useCallback, useMemo } from 'react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { overviewSchema, type Overview, type OverviewTick, type Watch } from '../lib/contracts/overview';
import { foldTick } from './fold-tick';
import type { LiveState } from './live-state';
import { useApi } from './use-api';
import { useLive, type LiveOptions } from './use-live';

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

export const overviewKey = (watch: Watch) => ['overview', watch.service, watch.range] as const;

/** One overview: loaded once, then moved on by ticks. React Query holds the state; several callers share it. */
export function useOverview(watch: Watch, options?: LiveOptions): OverviewResult {
  const { service, range } = watch;
  const client = useQueryClient();
  const api = useApi();
  const key = useMemo(() => overviewKey({ service, range }), [service, range]);

  const query = useQuery({
    queryKey: key,
    queryFn: () => api.get(`/api/performance/overview?${new URLSearchParams({ service, range })}`, overviewSchema),
    staleTime: Infinity,
    structuralSharing: false,
    // Another range replaces what is shown when it's there, without a flash of nothing.
    placeholderData: keepPreviousData,
  });

  const refresh = useCallback(() => void client.invalidateQueries({ queryKey: key }), [client, key]);
  const onOverview = useCallback(
    (overview: Overview) => client.setQueryData(overviewKey(overview), overview),
    [client],
  );
  const onTick = useCallback(
    (tick: OverviewTick) => {
      const held = client.getQueryData<Overview>(overviewKey(tick));
      if (held === undefined) return;
      const { overview, missed } = foldTick(held, tick);
      client.setQueryData(overviewKey(tick), overview);
      if (missed > 0) void client.invalidateQueries({ queryKey: overviewKey(tick) });
    },
    [client],
  );
  const live = useLive(watch, { onOverview, onTick }, options);

  const { data, error, isFetching } = query;
  const state = useMemo<OverviewState>(() => {
    if (data !== undefined) return { status: 'ready', overview: data };
    if (error !== null) return { status: 'failed', error, retrying: isFetching };
    return { status: 'loading' };
  }, [data, error, isFetching]);
  return { state, live, refresh };
}
