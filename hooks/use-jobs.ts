'use client';

import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { jobListSchema } from '../lib/contracts/job';
import { foldJobs, isUnderWay, type JobBoard } from './job-board';
import { readJobs } from './read-jobs';
import { useApi } from './use-api';

/** ms between two readings while something runs or somebody looks. */
const POLL = 2_000;
/** Of what is known of the jobs, in the query cache. */
export const JOBS_KEY = ['jobs'] as const;

/** What is known of the jobs. `error` of a ready state: why the newest reading failed, and what is shown is older. */
export type JobsState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: unknown; readonly retrying: boolean }
  | { readonly status: 'ready'; readonly board: JobBoard; readonly error: unknown };

export interface JobsResult {
  readonly state: JobsState;
  refresh(): Promise<void>;
}

/**
 * The newest jobs and all under way: read once, again when `news` changes, and every 2 s while one is under way or
 * `watching`.
 * @param news something that changes when a job may have begun elsewhere, such as the number of the last clear
 */
export function useJobs(watching: boolean, news: unknown): JobsResult {
  const client = useQueryClient();
  const api = useApi();
  const query = useQuery({
    queryKey: JOBS_KEY,
    queryFn: async () => {
      const jobs = await readJobs((which) => api.get(`/api/jobs?${which}`, jobListSchema));
      return foldJobs(client.getQueryData<JobBoard>(JOBS_KEY), jobs, Date.now());
    },
    structuralSharing: false,
    refetchOnWindowFocus: true,
    // Who looks at them too gets what is there.
    refetchOnMount: false,
    refetchInterval: ({ state }) => (watching || state.data?.jobs.some(isUnderWay) ? POLL : false),
  });

  const refresh = useCallback(() => client.invalidateQueries({ queryKey: JOBS_KEY }), [client]);
  const heard = useRef(news);
  useEffect(() => {
    if (heard.current === news) return;
    // What was never heard of before is no news.
    const first = heard.current === null;
    heard.current = news;
    if (!first) void refresh();
  }, [news, refresh]);

  const { data, error, isFetching } = query;
  const state = useMemo<JobsState>(() => {
    if (data !== undefined) return { status: 'ready', board: data, error };
    if (error !== null) return { status: 'failed', error, retrying: isFetching };
    return { status: 'loading' };
  }, [data, error, isFetching]);
  return { state, refresh };
}
