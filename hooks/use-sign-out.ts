'use client';

import { useCallback } from 'react';
import { doneSchema } from '../lib/contracts/session';
import { describeFailure } from './api-error';
import { leaveFor } from './login-path';
import { useApi } from './use-api';
import { useToasts } from './use-toasts';

/** Ends this browser's session, and leaves: with the page goes all that it knows. */
export function useSignOut(): () => void {
  const api = useApi();
  const toasts = useToasts();
  return useCallback(
    () =>
      void api.send('DELETE', '/api/session', undefined, doneSchema).then(
        () => leaveFor('/login'),
        (error: unknown) =>
          toasts.show({ tone: 'bad', title: 'Not signed out', detail: describeFailure(error).detail }),
      ),
    [api, toasts],
  );
}
