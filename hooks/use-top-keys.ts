'use client';

import { useQuery } from '@tanstack/react-query';
import { keysSchema, MAX_TOP, type Keys } from '../lib/contracts/keys';
import { useApi } from './use-api';

/** ms for which a list of keys is new enough to search in. */
const NEW_ENOUGH = 30_000;

export interface TopKeys {
  readonly keys: Keys | undefined;
  readonly error: unknown;
}

/** The keys that were asked for most, read when somebody wants to search them. */
export function useTopKeys(): TopKeys {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: ['top-keys'],
    queryFn: () => api.get(`/api/cache/keys?by=asked&top=${MAX_TOP}`, keysSchema),
    staleTime: NEW_ENOUGH,
  });
  return { keys: data, error };
}
