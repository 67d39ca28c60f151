'use client';

import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Job } from '../lib/contracts/job';
import { actionPath, type JobAction } from './job-board';
import { useApi } from './use-api';
import { JOBS_KEY } from './use-jobs';

/**
 * Asks something of a job, such as its undo, and has the list of jobs read again: resolves when it is.
 * Rejects with ApiError when the job won't.
 */
export function useJobAction(): (job: Job, action: JobAction) => Promise<void> {
  const api = useApi();
  const client = useQueryClient();
  return useCallback(
    async (job, action) => {
      const reread = () => client.invalidateQueries({ queryKey: JOBS_KEY });
      try {
        await api.send('POST', actionPath(job, action), {});
      } catch (error) {
        void reread();
        throw error;
      }
      await reread();
    },
    [api, client],
  );
}
