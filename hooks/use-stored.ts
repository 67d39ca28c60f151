'use client';

import { useCallback, useSyncExternalStore } from 'react';

const CHANGED = 'pitwall:stored';

/** What the browser wouldn't store, off or full as its storage is: remembered for as long as the page is there. */
const unstored = new Map<string, string>();

/** What this browser remembers under `key`, null where nothing. */
export function readStored(key: string): string | null {
  const kept = unstored.get(key);
  if (kept !== undefined) return kept;
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null; // storage is off
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('storage', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

/** A text that this browser remembers, null where it doesn't; and the function that changes it in every tab. */
export function useStored(key: string): readonly [string | null, (value: string) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => readStored(key),
    () => null,
  );
  const store = useCallback(
    (next: string) => {
      try {
        window.localStorage.setItem(key, next);
        unstored.delete(key);
      } catch {
        unstored.set(key, next);
      }
      window.dispatchEvent(new Event(CHANGED));
    },
    [key],
  );
  return [value, store];
}
