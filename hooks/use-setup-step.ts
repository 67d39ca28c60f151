'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** The steps of "Use my service", in order. They are in the URL's fragment, so that Back and a link work. */
export const SETUP_STEPS = ['url', 'watch', 'policy', 'keep'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

const CHANGED = 'pitwall:setup';
const PREFIX = '#setup=';

function subscribe(listener: () => void): () => void {
  for (const event of ['hashchange', 'popstate', CHANGED]) window.addEventListener(event, listener);
  return () => {
    for (const event of ['hashchange', 'popstate', CHANGED]) window.removeEventListener(event, listener);
  };
}

/** The step that a URL's fragment names; null = closed. */
export function parseSetupStep(hash: string): SetupStep | null {
  if (!hash.startsWith(PREFIX)) return null;
  return SETUP_STEPS.find((step) => step === hash.slice(PREFIX.length)) ?? null;
}

/** The step that is open, and the function that goes to another; each is an entry of the history. */
export function useSetupStep(): readonly [SetupStep | null, (step: SetupStep | null) => void] {
  const hash = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => '',
  );
  const go = useCallback((step: SetupStep | null) => {
    if (parseSetupStep(window.location.hash) === step) return;
    const { pathname, search } = window.location;
    window.history.pushState(null, '', pathname + search + (step === null ? '' : PREFIX + step));
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [parseSetupStep(hash), go];
}
