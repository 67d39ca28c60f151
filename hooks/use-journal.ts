'use client';

import { useCallback, useMemo } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { journalPageSchema, type JournalEntry } from '../lib/contracts/journal';
import { formatJournal, journalQuery, parseJournal, type JournalLook } from './journal-params';
import { useApi } from './use-api';
import { useParams } from './use-params';

/** Entries of one page. */
const PAGE = 50;

export interface JournalState {
  readonly status: 'loading' | 'failed' | 'ready';
  /** Newest first, as far as they were asked for. */
  readonly entries: readonly JournalEntry[];
  /** Why the last call failed; null where it didn't. */
  readonly error: unknown;
  /** The newest entries are being read again. */
  readonly reading: boolean;
  /** More are being read, or could be. */
  readonly more: 'none' | 'some' | 'reading';
  readMore(): void;
  refresh(): void;
}

/** What the URL says is looked at, and the function that changes parts of it. */
export function useJournalLook(): readonly [JournalLook, (part: Partial<JournalLook>) => void] {
  const [params, change] = useParams();
  const look = useMemo(() => parseJournal(params), [params]);
  const set = useCallback(
    (part: Partial<JournalLook>) =>
      change((next) => formatJournal(next, { ...parseJournal(next), ...part }), 'replace'),
    [change],
  );
  return [look, set];
}

/** Where a page begins, and what all pages of a reading have in common. */
interface Place {
  readonly query: string;
  readonly after: string | null;
}

export function useJournal(look: JournalLook): JournalState {
  const api = useApi();
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['journal', look],
    initialPageParam: null as Place | null,
    queryFn: async ({ pageParam }) => {
      // "The last hour" ends where the first page was read: later pages go on from there.
      const query = pageParam?.query ?? journalQuery(look, Date.now()).toString();
      const asked = new URLSearchParams(query);
      asked.set('limit', String(PAGE));
      if (typeof pageParam?.after === 'string') asked.set('after', pageParam.after);
      return { query, page: await api.get(`/api/journal?${asked}`, journalPageSchema) };
    },
    getNextPageParam: ({ query, page }): Place | null => (page.next === null ? null : { query, after: page.next }),
  });
  const entries = useMemo(() => data?.pages.flatMap(({ page }) => page.entries) ?? [], [data]);
  return {
    status: data !== undefined ? 'ready' : error === null ? 'loading' : 'failed',
    entries,
    error,
    reading: isFetching && !isFetchingNextPage,
    more: isFetchingNextPage ? 'reading' : hasNextPage ? 'some' : 'none',
    readMore: () => void fetchNextPage(),
    refresh: () => void refetch(),
  };
}
