'use client';

import { useCallback } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Permission } from '../lib/contracts/access';
import { sessionStateSchema, type Actor } from '../lib/contracts/session';
import { refusalOf } from './permit';
import { useApi } from './use-api';

/** Of who asks, in the query cache. */
export const SESSION_KEY = ['session'] as const;
/** ms for which what somebody may is taken as known: a colleague may change it. */
const NEW_ENOUGH = 60_000;

export interface SessionAccess {
  /** Who asks; undefined until it's known. */
  readonly actor: Actor | undefined;
  /** Why nobody knows; null where it's known, or on its way. */
  readonly error: unknown;
  /** What isn't known isn't forbidden: the server has the last word. */
  may(permission: Permission): boolean;
  /** Why not; null where it's allowed. */
  refusal(permission: Permission): string | null;
}

/** Who asks, and what they may. */
export function useSession(): SessionAccess {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: () => api.get('/api/session', sessionStateSchema),
    staleTime: NEW_ENOUGH,
    refetchOnWindowFocus: true,
  });
  const permissions = data?.permissions;
  const may = useCallback(
    (permission: Permission) => permissions === undefined || permissions.includes(permission),
    [permissions],
  );
  const refusal = useCallback((permission: Permission) => (may(permission) ? null : refusalOf(permission)), [may]);
  return { actor: data?.actor, error, may, refusal };
}
