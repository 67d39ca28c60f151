'use client';

import { createContext, useCallback, useContext, useState, useSyncExternalStore } from 'react';
import type { InFlight } from './in-flight';

/** The calls in flight of this page; one per console, set by the providers. */
export const InFlightContext = createContext<InFlight | null>(null);

/** @throws outside an InFlightContext: without one store, two components wouldn't share anything */
export function useRequestDeduplication(): InFlight {
  const inFlight = useContext(InFlightContext);
  if (inFlight === null) throw new Error('useRequestDeduplication needs an InFlightContext above it');
  return inFlight;
}

/** Whether a call under `key` is in flight, whichever component started it. */
export function usePending(key: string): boolean {
  const inFlight = useRequestDeduplication();
  return useSyncExternalStore(
    inFlight.subscribe,
    () => inFlight.isPending(key),
    () => false,
  );
}

export interface Mutation<A> {
  /** Sends, or joins the one in flight. Resolves to whether it succeeded; the failure is in `error`. */
  send(argument: A): Promise<boolean>;
  readonly pending: boolean;
  readonly error: unknown;
}

/** A mutation that isn't sent twice: while one under `key` is in flight, every other `send` in the page joins it. */
export function useMutationOnce<A>(key: string, run: (argument: A) => Promise<unknown>): Mutation<A> {
  const inFlight = useRequestDeduplication();
  const pending = usePending(key);
  const [error, setError] = useState<unknown>(null);

  const send = useCallback(
    async (argument: A) => {
      setError(null);
      try {
        await inFlight.share(key, () => run(argument));
        return true;
      } catch (failure) {
        setError(failure);
        return false;
      }
    },
    [inFlight, key, run],
  );
  return { send, pending, error };
}
