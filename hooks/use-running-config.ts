'use client';

import { useQuery } from '@tanstack/react-query';
import { runningConfigSchema, type RunningConfig } from '../lib/contracts/running';
import { useApi } from './use-api';

/** ms for which a configuration is new enough: a reload is rare, and a person who made it looks again. */
const NEW_ENOUGH = 10_000;

/** What the gateway runs on. */
export function useRunningConfig(): { readonly config: RunningConfig | undefined; readonly error: unknown } {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: ['running-config'],
    queryFn: () => api.get('/api/config', runningConfigSchema),
    staleTime: NEW_ENOUGH,
  });
  return { config: data, error };
}
