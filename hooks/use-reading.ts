'use client';

import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { useApi } from './use-api';

/** What was asked for, and how far that is; each state has its own face. */
export type Reading<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: unknown; readonly retrying: boolean; readonly retry: () => void }
  | { readonly status: 'ready'; readonly data: T };

/** Reads one resource for as long as it's looked at. @param enabled false: whoever asks may not, or doesn't need it */
export function useReading<T>(key: readonly unknown[], path: string, schema: z.ZodType<T>, enabled = true): Reading<T> {
  const api = useApi();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: key,
    queryFn: () => api.get(path, schema),
    refetchOnWindowFocus: true,
    enabled,
  });
  if (data !== undefined) return { status: 'ready', data };
  if (error !== null) return { status: 'failed', error, retrying: isFetching, retry: () => void refetch() };
  return { status: 'loading' };
}
