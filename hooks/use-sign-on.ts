'use client';

import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useQuery } from '@tanstack/react-query';
import { sessionStateSchema } from '../lib/contracts/session';
import { begunSignOnSchema, signOnSchema } from '../lib/contracts/sign-on';
import { nextPath } from './login-path';
import { useApi } from './use-api';
import { useMutationOnce, type Mutation } from './use-request-deduplication';

/** What this tab keeps while somebody is at the provider. */
const KEPT = 'pitwall.sign-on';

export interface SignOnState {
  /** What people call the provider; null where only passwords log in, and until it's known. */
  readonly name: string | null;
  readonly begin: Mutation<undefined>;
  /** The way back from the provider: under way, or why it failed. */
  readonly back: { readonly pending: boolean; readonly error: unknown };
}

/** The query that a provider came back with; null on any other way here, and before the page came to life. */
function useAnswer(): string | null {
  return useSyncExternalStore(
    () => () => undefined,
    () => (isAnswer(window.location.search) ? window.location.search : null),
    () => null,
  );
}

/** Logs in at the OpenID provider, and goes on to where one came from. */
export function useSignOn(): SignOnState {
  const api = useApi();
  const answer = useAnswer();
  const { data } = useQuery({
    queryKey: ['sign-on'],
    queryFn: () => api.get('/api/sign-on', signOnSchema),
    staleTime: Infinity,
  });
  const back = useQuery({
    queryKey: ['sign-on', answer],
    enabled: answer !== null,
    staleTime: Infinity,
    retry: false,
    async queryFn() {
      const { journey, next } = kept();
      const state = await api.send('POST', '/api/sign-on/finish', { query: answer, journey }, sessionStateSchema);
      return { state, next };
    },
  });
  const arrived = back.data;
  useEffect(() => {
    // Not to come back to by the browser's own button.
    if (arrived !== undefined) window.location.replace(nextPath(arrived.next, window.location.origin));
  }, [arrived]);
  const begin = useCallback(async () => {
    const { location, journey } = await api.send('POST', '/api/sign-on', undefined, begunSignOnSchema);
    const next = begunOn(window.location.search);
    window.sessionStorage.setItem(KEPT, JSON.stringify({ journey, next }));
    window.location.assign(location);
  }, [api]);
  return {
    name: data?.singleSignOn?.name ?? null,
    begin: useMutationOnce('sign-on', begin),
    back: { pending: answer !== null && back.error === null, error: back.error },
  };
}

/** The query of the log-in page that a way to the provider and back began on. */
export const begunOn = (search: string): string => (isAnswer(search) ? kept().next : search);

const isAnswer = (search: string): boolean => /[?&]state=/.test(search);

/** What this tab kept; something that no server takes for a log-in of ours where there's nothing. */
function kept(): { readonly journey: string; readonly next: string } {
  try {
    const { journey, next } = JSON.parse(window.sessionStorage.getItem(KEPT) ?? '') as Record<string, unknown>;
    return { journey: String(journey), next: String(next) };
  } catch {
    return { journey: 'none', next: '' };
  }
}
