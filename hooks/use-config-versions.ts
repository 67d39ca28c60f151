'use client';

import { useCallback, useMemo } from 'react';
import { useInfiniteQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import {
  configCheckSchema,
  versionListSchema,
  versionNoteSchema,
  versionTextSchema,
  type ConfigCheck,
  type ConfigVersion,
  type ImportConfig,
  type RunningVersion,
  type VersionText,
} from '../lib/contracts/config-versions';
import { useApi } from './use-api';
import { useParams } from './use-params';
import { useReading, type Reading } from './use-reading';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { useToasts } from './use-toasts';

/** Versions of one page. */
const PAGE = 50;
const KEY = ['config-versions'] as const;

export interface VersionsState {
  readonly status: 'loading' | 'failed' | 'ready';
  /** Null in a console without a gateway, and until it's known. */
  readonly running: RunningVersion | null;
  /** Newest first, as far as they were asked for. */
  readonly versions: readonly ConfigVersion[];
  /** Why the last call failed; null where it didn't. */
  readonly error: unknown;
  readonly reading: boolean;
  /** More are being read, or could be. */
  readonly more: 'none' | 'some' | 'reading';
  readMore(): void;
  refresh(): void;
}

/** Which configurations came to run. */
export function useConfigVersions(): VersionsState {
  const api = useApi();
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: KEY,
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ limit: String(PAGE), ...(pageParam !== '' && { after: pageParam }) });
      return api.get(`/api/config/versions?${asked}`, versionListSchema);
    },
    getNextPageParam: ({ next }) => next,
    refetchOnWindowFocus: true,
  });
  const versions = useMemo(() => data?.pages.flatMap((page) => page.versions) ?? [], [data]);
  return {
    status: data !== undefined ? 'ready' : error === null ? 'loading' : 'failed',
    running: data?.pages[0]?.running ?? null,
    versions,
    error,
    reading: isFetching && !isFetchingNextPage,
    more: isFetchingNextPage ? 'reading' : hasNextPage ? 'some' : 'none',
    readMore: () => void fetchNextPage(),
    refresh: () => void refetch(),
  };
}

/** What a version's row is known by in the URL: the same text may have come to run more than once. */
export const versionKey = ({ id, at }: Pick<ConfigVersion, 'id' | 'at'>): string => `${id}-${at}`;

/** The row that is open, in the URL; and the function that opens another, or none. */
export function useOpenVersion(): readonly [string | null, (key: string | null) => void] {
  const [params, change] = useParams();
  const open = useCallback(
    (key: string | null) =>
      change((next) => (key === null ? next.delete('version') : next.set('version', key)), 'replace'),
    [change],
  );
  return [params.get('version'), open];
}

/** The text of a version. @param against an id, or running; null = with nothing */
export function useConfigVersion(id: string, against: string | null): Reading<VersionText> {
  const query = against === null ? '' : `?against=${encodeURIComponent(against)}`;
  return useReading(['config-version', id, against], `/api/config/versions/${id}${query}`, versionTextSchema);
}

/** Checks a text; `onChecked` gets what is wrong with it, or what it would change. */
export function useCheckConfig(onChecked: (check: ConfigCheck) => void): Mutation<string> {
  const api = useApi();
  const check = useCallback(
    async (yaml: string) => onChecked(await api.send('POST', '/api/config/check', { yaml }, configCheckSchema)),
    [api, onChecked],
  );
  return useMutationOnce('check-config', check);
}

async function readAgain(client: QueryClient): Promise<void> {
  const keys = [KEY, ['config-version'], ['running-config']];
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function useImportConfig(): Mutation<ImportConfig> {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const send = useCallback(
    async (given: ImportConfig) => {
      const { words } = await api.send('POST', '/api/config', given, versionNoteSchema);
      toasts.show({ tone: 'good', title: 'The new configuration runs', detail: words });
      await readAgain(client);
    },
    [api, client, toasts],
  );
  return useMutationOnce('import-config', send);
}

export function useRestoreConfig(id: string): Mutation<void> {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const restore = useCallback(async () => {
    const path = `/api/config/versions/${id}/restore`;
    const { words } = await api.send('POST', path, undefined, versionNoteSchema);
    toasts.show({ tone: 'good', title: `Version ${id} runs again`, detail: words });
    await readAgain(client);
  }, [api, client, toasts, id]);
  return useMutationOnce(`restore-config ${id}`, restore);
}
