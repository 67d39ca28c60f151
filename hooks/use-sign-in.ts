'use client';

import { useCallback, useState } from 'react';
import { sessionStateSchema, type SignIn } from '../lib/contracts/session';
import { ApiError } from './api-error';
import { leaveFor, nextPath } from './login-path';
import { useApi } from './use-api';
import { begunOn } from './use-sign-on';
import { useNow } from './use-now';
import { useMutationOnce, type Mutation } from './use-request-deduplication';

export interface SignInState extends Mutation<SignIn> {
  /** Seconds until it's any use to try again; 0 = now. */
  readonly waitS: number;
}

/** Logs in, and goes on to where one came from. */
export function useSignIn(): SignInState {
  const api = useApi();
  const [wait, setWait] = useState<{ readonly ms: number; readonly until: number } | null>(null);
  const now = useNow(wait !== null);
  const signIn = useCallback(
    async (given: SignIn) => {
      setWait(null);
      try {
        await api.send('POST', '/api/session', given, sessionStateSchema);
      } catch (error) {
        const ms = error instanceof ApiError ? error.retryAfterMs : null;
        if (ms !== null) setWait({ ms, until: Date.now() + ms });
        throw error;
      }
      leaveFor(nextPath(begunOn(window.location.search), window.location.origin));
    },
    [api],
  );
  // The clock may not have ticked since: never more than was asked for.
  const waitS = wait === null ? 0 : Math.ceil(Math.min(wait.ms, Math.max(0, wait.until - now)) / 1_000);
  return { ...useMutationOnce('sign-in', signIn), waitS };
}
