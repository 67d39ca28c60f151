'use client';

import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ClearInput } from '../lib/contracts/clear';
import { jobSchema } from '../lib/contracts/job';
import { scopeWords } from './clear-draft';
import { useApi } from './use-api';
import { useJobAction } from './use-job-action';
import { JOBS_KEY } from './use-jobs';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { useToasts } from './use-toasts';
import { useUndo } from './use-undo';

/** Clears, says so, and offers to undo it where that can be. @param key one for each thing that may be cleared at once */
export function useClear(key = 'clear'): Mutation<ClearInput> {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const act = useJobAction();
  const undo = useUndo();

  const clear = useCallback(
    async ({ scope, mode }: ClearInput) => {
      const job = await api.send('POST', '/api/cache/clear', { scope, mode }, jobSchema);
      const what = scopeWords(scope);
      const fresh = { title: 'Undone', detail: `Fresh again: ${what}` };
      toasts.show({
        tone: 'good',
        detail: what,
        ...(mode === 'soft'
          ? { title: 'Marked stale', action: undo(() => act(job, 'undo'), fresh) }
          : { title: 'Deleted' }),
      });
      void client.invalidateQueries({ queryKey: JOBS_KEY });
    },
    [api, client, toasts, act, undo],
  );
  return useMutationOnce(key, clear);
}
