'use client';

import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { doneSchema, sessionListSchema, type Session, type SessionList } from '../lib/contracts/session';
import { useApi } from './use-api';
import { useReading, type Reading } from './use-reading';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { useToasts } from './use-toasts';

const KEY = ['sessions'] as const;

/** One's own sessions. */
export const useSessions = (enabled: boolean): Reading<SessionList> =>
  useReading(KEY, '/api/sessions', sessionListSchema, enabled);

export function useEndSession({ id }: Session): Mutation<void> {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const end = useCallback(async () => {
    await api.send('DELETE', `/api/sessions/${encodeURIComponent(id)}`, undefined, doneSchema);
    toasts.show({ tone: 'good', title: 'Session ended' });
    await client.invalidateQueries({ queryKey: KEY });
  }, [api, client, toasts, id]);
  return useMutationOnce(`session ${id}`, end);
}
