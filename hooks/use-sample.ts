'use client';

import { useCallback, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { burstAnswerSchema, sampleStateSchema, type BurstAnswer, type Outage } from '../lib/contracts/sample';
import { useApi } from './use-api';
import { useMutationOnce } from './use-request-deduplication';

/** ms between two readings while an outage is under way, and otherwise: a colleague may have begun one. */
const BUSY_MS = 1_000;
const CALM_MS = 5_000;
const KEY = ['sample'] as const;

/** "Send 1,000 identical requests": what came of the last time. */
export interface Burst {
  readonly answer: BurstAnswer | null;
  readonly pending: boolean;
  readonly error: unknown;
  send(requests: number): Promise<boolean>;
}

export function useBurst(): Burst {
  const api = useApi();
  const [answer, setAnswer] = useState<BurstAnswer | null>(null);
  const post = useCallback(
    async (requests: number) => {
      setAnswer(null);
      setAnswer(await api.send('POST', '/api/sample/burst', { requests }, burstAnswerSchema));
    },
    [api],
  );
  return { answer, ...useMutationOnce('sample-burst', post) };
}

/** "Break the origin": the last outage as it is now, whoever began it. */
export interface OutageControl {
  readonly outage: Outage | null;
  readonly pending: boolean;
  readonly error: unknown;
  start(seconds: number): void;
  stop(): void;
}

export function useOutage(): OutageControl {
  const api = useApi();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: () => api.get('/api/sample', sampleStateSchema),
    refetchInterval: ({ state }) => ((state.data?.outage?.phase ?? 'over') === 'over' ? CALM_MS : BUSY_MS),
  });
  const change = useCallback(
    async (seconds: number | null) => {
      const state = await (seconds === null
        ? api.send('POST', '/api/sample/outage/stop', {}, sampleStateSchema)
        : api.send('POST', '/api/sample/outage', { seconds }, sampleStateSchema));
      // A reading that is under way is from before.
      await client.cancelQueries({ queryKey: KEY });
      client.setQueryData(KEY, state);
    },
    [api, client],
  );
  const { send, pending, error } = useMutationOnce('sample-outage', change);
  return {
    outage: data?.outage ?? null,
    pending,
    error,
    start: (seconds) => void send(seconds),
    stop: () => void send(null),
  };
}
