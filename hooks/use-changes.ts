'use client';

import { useEffect, useMemo } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { changeListSchema, type Change } from '../lib/contracts/changes';
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

/** The changes of an overview, and older ones page by page once somebody asks; read again when something changes. */
export function useChanges(service: string, newest: readonly Change[]): KnownChanges {
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: ['changes', service],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ limit: String(PAGE) });
      if (service !== 'all') asked.set('service', service);
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
