'use client';

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { formatView, parseView, type View } from './view';

const CHANGED = 'pitwall:view';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

/** The view in the URL, and the function that changes parts of it. */
export function useView(): readonly [View, (change: Partial<View>) => void] {
  const search = useSyncExternalStore(
    subscribe,
    () => window.location.search,
    () => '',
  );
  const view = useMemo(() => parseView(search), [search]);
  const change = useCallback((part: Partial<View>) => {
    const next = formatView({ ...parseView(window.location.search), ...part });
    window.history.replaceState(null, '', window.location.pathname + next + window.location.hash);
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [view, change];
}
