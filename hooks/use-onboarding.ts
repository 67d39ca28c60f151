'use client';

import { useCallback, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { onboardingSchema, probeSchema, type Onboarding, type Probe } from '../lib/contracts/onboarding';
import { useApi } from './use-api';
import { useMutationOnce } from './use-request-deduplication';

/** ms between two readings while somebody looks. */
const POLL_MS = 1_000;
const KEY = 'onboarding';

export interface OnboardingState {
  /** Undefined until it was read. */
  readonly onboarding: Onboarding | undefined;
  readonly error: unknown;
  refresh(): void;
}

/**
 * Whether a service can be tried, and what was seen of the one that is.
 * @param watching read once a second
 * @param sampled whether the gateway fronts the sample: read anew when that changes, whoever changed it
 */
export function useOnboarding(watching: boolean, sampled: boolean): OnboardingState {
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: [KEY, sampled],
    queryFn: () => api.get('/api/onboarding', onboardingSchema),
    // While the other state of the gateway is asked about, what is known of the first stands.
    placeholderData: (known) => known,
    refetchInterval: watching ? POLL_MS : false,
  });
  return { onboarding: data, error, refresh: () => void refetch() };
}

/** Verbs of the steps; each says whether it succeeded. */
export interface OnboardingActions {
  readonly found: Probe | null;
  readonly pending: 'probe' | 'start' | 'mode' | 'end' | null;
  readonly error: unknown;
  probe(url: string): Promise<boolean>;
  start(url: string): Promise<boolean>;
  cacheNow(service: string): Promise<boolean>;
  end(): Promise<boolean>;
  /** The URL was edited: what was found is no longer of it. */
  forget(): void;
}

type Act = { readonly kind: 'probe' | 'start' | 'mode'; readonly about: string } | { readonly kind: 'end' };

export function useOnboardingActions(onChanged: () => void): OnboardingActions {
  const api = useApi();
  const client = useQueryClient();
  const [found, setFound] = useState<Probe | null>(null);
  const [doing, setDoing] = useState<Act['kind'] | null>(null);

  const run = useCallback(
    async (act: Act) => {
      setDoing(act.kind);
      if (act.kind === 'probe') {
        setFound(null);
        setFound(await api.send('POST', '/api/onboarding/probe', { url: act.about }, probeSchema));
        return;
      }
      if (act.kind === 'start') await api.send('POST', '/api/onboarding/start', { url: act.about }, onboardingSchema);
      else if (act.kind === 'end') await api.send('POST', '/api/onboarding/end', {}, onboardingSchema);
      else {
        const body = { mode: 'cache', reason: 'Tried in mode observe' };
        await api.send('POST', `/api/services/${encodeURIComponent(act.about)}/mode`, body);
      }
      await client.invalidateQueries({ queryKey: [KEY] });
      onChanged();
    },
    [api, client, onChanged],
  );
  const { send, pending, error } = useMutationOnce('onboarding', run);
  return {
    found,
    pending: pending ? doing : null,
    error,
    probe: (about) => send({ kind: 'probe', about }),
    start: (about) => send({ kind: 'start', about }),
    cacheNow: (about) => send({ kind: 'mode', about }),
    end: () => send({ kind: 'end' }),
    forget: () => setFound(null),
  };
}
