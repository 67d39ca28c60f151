'use client';

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { changeView, formatView, isStep, parseView, type View } from './view';

const CHANGED = 'pitwall:view';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

/** The view in the URL, and the function that changes parts of it; Back returns to the subject before. */
export function useView(): readonly [View, (change: Partial<View>) => void] {
  const search = useSyncExternalStore(
    subscribe,
    () => window.location.search,
    () => '',
  );
  const view = useMemo(() => parseView(search), [search]);
  const change = useCallback((part: Partial<View>) => {
    const before = parseView(window.location.search);
    const next = changeView(before, part);
    const url = window.location.pathname + formatView(next) + window.location.hash;
    if (isStep(before, next)) window.history.pushState(null, '', url);
    else window.history.replaceState(null, '', url);
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [view, change];
}
