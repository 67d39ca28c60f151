'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { useQuery } from '@tanstack/react-query';
import { invitationSchema, sessionStateSchema, type AcceptInvitation, type Invitation } from '../lib/contracts/session';
import { codeOf } from './api-error';
import { leaveFor } from './login-path';
import { useApi } from './use-api';
import { useMutationOnce, type Mutation } from './use-request-deduplication';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** What the address has after its "#", which no server sees; null before the page came to life. */
export function useSecret(): string | null {
  return useSyncExternalStore(
    subscribe,
    () => window.location.hash.slice(1),
    () => null,
  );
}

export type InvitationState =
  | { readonly status: 'loading' }
  /** It was used, or is too old, or never was one. */
  | { readonly status: 'gone' }
  | { readonly status: 'failed'; readonly error: unknown; readonly retrying: boolean; readonly retry: () => void }
  | { readonly status: 'ready'; readonly invitation: Invitation };

/** What a one-time link is for. */
export function useInvitation(secret: string | null): InvitationState {
  const api = useApi();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['invitation', secret],
    queryFn: () => api.send('POST', '/api/invitations/look', { secret }, invitationSchema),
    enabled: secret !== null && secret !== '',
    staleTime: Infinity,
    retry: false,
  });
  if (secret === '' || codeOf(error) === 'not_found' || codeOf(error) === 'validation_failed')
    return { status: 'gone' };
  if (data !== undefined) return { status: 'ready', invitation: data };
  if (error !== null) return { status: 'failed', error, retrying: isFetching, retry: () => void refetch() };
  return { status: 'loading' };
}

/** Sets the password, and goes to the console. */
export function useAcceptInvitation(): Mutation<AcceptInvitation> {
  const api = useApi();
  const accept = useCallback(
    async (given: AcceptInvitation) => {
      await api.send('POST', '/api/invitations/accept', given, sessionStateSchema);
      leaveFor('/');
    },
    [api],
  );
  return useMutationOnce('accept-invitation', accept);
}
