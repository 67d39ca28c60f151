'use client';

import { useCallback, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ClearInput } from '../lib/contracts/clear';
import { jobSchema, type Job } from '../lib/contracts/job';
import { useApi } from './use-api';
import { useJobAction } from './use-job-action';
import { useMutationOnce } from './use-request-deduplication';

/** ms between two readings of the job. */
const POLL_MS = 500;

export interface SoftClear {
  /** The job of the last clear, followed to its end. */
  readonly job: Job | null;
  readonly undone: boolean;
  readonly pending: boolean;
  readonly error: unknown;
  clear(scope: ClearInput['scope']): void;
  undo(): void;
}

/** Marks something stale, follows the job, and takes it back. */
export function useSoftClear(): SoftClear {
  const api = useApi();
  const act = useJobAction();
  const [begun, setBegun] = useState<Job | null>(null);
  const [undone, setUndone] = useState(false);
  const { data } = useQuery({
    queryKey: ['job', begun?.id ?? ''],
    queryFn: () => api.get(`/api/jobs/${encodeURIComponent(begun?.id ?? '')}`, jobSchema),
    enabled: begun !== null,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.endedAt === null ? POLL_MS : false),
  });
  const post = useCallback(
    async (scope: ClearInput['scope'] | null) => {
      if (scope !== null) {
        setBegun(await api.send('POST', '/api/cache/clear', { scope, mode: 'soft' }, jobSchema));
        setUndone(false);
      } else if (begun !== null) {
        await act(begun, 'undo');
        setUndone(true);
      }
    },
    [api, act, begun],
  );
  const { send, pending, error } = useMutationOnce('soft-clear', post);
  return {
    job: begun === null ? null : (data ?? begun),
    undone,
    pending,
    error,
    clear: (scope) => void send(scope),
    undo: () => void send(null),
  };
}
