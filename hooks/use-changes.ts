'use client';

import { useEffect, useMemo } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { changeListSchema, changeSchema, type Change } from '../lib/contracts/changes';
import { describeFailure, isNotFound } from './api-error';
import { useApi } from './use-api';

/** Changes of one page. */
const PAGE = 20;

export interface KnownChanges {
  /** Newest first: those of the overview, and the older ones that were asked for. */
  readonly changes: readonly Change[];
  readonly status: 'idle' | 'loading' | 'failed' | 'ready';
  readonly error: unknown;
  /** Whether there may be older ones. */
  readonly more: boolean;
  /** Loads the next page, or the one that failed. */
  loadMore(): void;
}

/** Two lists as one, newest first; what is in both is taken from the first. */
export function mergeChanges(first: readonly Change[], second: readonly Change[]): readonly Change[] {
  if (second.length === 0) return first;
  const known = new Set(first.map(({ id }) => id));
  // A stable sort keeps the order within a ms.
  return [...first, ...second.filter(({ id }) => !known.has(id))].sort((a, b) => b.at - a.at);
}

/**
 * The changes of an overview, and older ones page by page once somebody asks; read again when something changes.
 *
 * @param to where a window that stands still ends, ms since the epoch; null for a range up to now
 */
export function useChanges(service: string, newest: readonly Change[], to: number | null): KnownChanges {
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: ['changes', service, to],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ limit: String(PAGE) });
      if (service !== 'all') asked.set('service', service);
      if (to !== null) asked.set('to', String(to));
      if (pageParam !== null) asked.set('after', pageParam);
      return api.get(`/api/changes?${asked}`, changeListSchema);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: false,
    staleTime: Infinity,
  });
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = query;

  const last = newest[0]?.id;
  const asked = data !== undefined;
  useEffect(() => {
    if (asked && last !== undefined) void refetch();
  }, [asked, last, refetch]);

  const changes = useMemo(
    () => mergeChanges(newest, data?.pages.flatMap((page) => page.changes) ?? []),
    [newest, data],
  );
  return {
    changes,
    status: isFetching ? 'loading' : error !== null ? 'failed' : asked ? 'ready' : 'idle',
    error,
    more: !asked || hasNextPage,
    loadMore: () => void fetchNextPage(),
  };
}

/** A change that is open but isn't listed: asked for by its id. */
export interface OutsideChange {
  readonly change: Change | null;
  /** Why it can't be shown. */
  readonly problem: string | null;
}

/** What a link opened, or what the range has moved away from. */
export function useOutsideChange(id: string | null, listed: readonly Change[]): OutsideChange {
  const api = useApi();
  const outside = id !== null && listed.every((change) => change.id !== id);
  const { data, error } = useQuery({
    queryKey: ['change', id],
    queryFn: () => api.get(`/api/changes/${id}`, changeSchema),
    enabled: outside,
    staleTime: Infinity,
    retry: (failures, why) => failures === 0 && !isNotFound(why),
  });
  if (!outside || error === null) return { change: (outside && data) || null, problem: null };
  const problem = isNotFound(error) ? 'The change that was open isn’t kept any more.' : describeFailure(error).detail;
  return { change: null, problem };
}
