'use client';

import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { keysSchema, MAX_TOP, type Keys, type KeysQuery } from '../lib/contracts/keys';
import type { MissReason } from '../lib/contracts/traffic';
import { useApi } from './use-api';

/** ms between two looks at lists that somebody has on screen. */
const AGAIN = 10_000;
/** ms for which a list that doesn't move is new enough to search in. */
const NEW_ENOUGH = 30_000;

export interface KeysLook {
  readonly by: KeysQuery['by'];
  readonly service: string;
  readonly route: string | null;
  /** Of missed keys: those that missed for this reason. */
  readonly reason: MissReason | null;
  readonly top: number;
  /** Nothing moves while somebody looks: read when it's opened, and not again. */
  readonly still?: boolean;
}

export interface KeyTop {
  readonly key: string;
  /** How often it was asked for, or missed for the reason that is looked at. */
  readonly count: number;
  readonly url: string | null;
  readonly service: string;
  readonly route: string;
}

export interface KeysResult {
  /** Undefined until they are there. */
  readonly keys: readonly KeyTop[] | undefined;
  /** Since when they were counted, ms since the epoch. */
  readonly from: number | undefined;
  readonly error: unknown;
}

/** The keys with the greatest counts: of one reason the counts are those of that reason. */
export function keysOf({ rows }: Keys, reason: MissReason | null, top: number): KeyTop[] {
  return rows
    .map(({ key, url, service, route, count, reasons }) => ({
      key,
      url,
      service,
      route,
      count: reason === null ? count : (reasons[reason] ?? 0),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, top);
}

/** The keys of a service or route that are asked for, or missed, most. */
export function useKeys({ by, service, route, reason, top, still = false }: KeysLook): KeysResult {
  const api = useApi();
  const asked = new URLSearchParams({ by, top: String(reason === null ? top : MAX_TOP) });
  if (service !== 'all') asked.set('service', service);
  if (route !== null) asked.set('route', route);
  const { data, error } = useQuery({
    queryKey: ['keys', asked.toString()],
    queryFn: () => api.get(`/api/cache/keys?${asked}`, keysSchema),
    ...(still ? { staleTime: NEW_ENOUGH } : { refetchInterval: AGAIN }),
  });
  const keys = useMemo(() => data && keysOf(data, reason, top), [data, reason, top]);
  return { keys, from: data?.from, error };
}
