'use client';

import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ClearInput } from '../lib/contracts/clear';
import { jobSchema } from '../lib/contracts/job';
import { describeFailure } from './api-error';
import { scopeWords } from './clear-draft';
import { actionPath } from './job-board';
import { useApi } from './use-api';
import { JOBS_KEY } from './use-jobs';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { useToasts } from './use-toasts';

/** Clears, says so, and offers to undo it where that can be. @param key one for each thing that may be cleared at once */
export function useClear(key = 'clear'): Mutation<ClearInput> {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();

  const clear = useCallback(
    async ({ scope, mode }: ClearInput) => {
      const job = await api.ask('/api/cache/clear', { scope, mode }, jobSchema);
      const what = scopeWords(scope);
      const follow = () => client.invalidateQueries({ queryKey: JOBS_KEY });
      async function undo(): Promise<void> {
        try {
          await api.ask(actionPath(job, 'undo'), {}, jobSchema);
          toasts.show({ tone: 'good', title: 'Undone', detail: `Fresh again: ${what}` });
        } catch (error) {
          const again = { label: 'Try again', run: () => void undo() };
          toasts.show({ tone: 'bad', title: 'Not undone', detail: describeFailure(error).detail, action: again });
        }
        void follow();
      }
      const soft = mode === 'soft';
      toasts.show({
        tone: 'good',
        title: soft ? 'Marked stale' : 'Deleted',
        detail: what,
        ...(soft && { action: { label: 'Undo', run: () => void undo() } }),
      });
      void follow();
    },
    [api, client, toasts],
  );
  return useMutationOnce(key, clear);
}
