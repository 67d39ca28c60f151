'use client';

import { useCallback, useSyncExternalStore } from 'react';

const CHANGED = 'pitwall:flag';

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('storage', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

/** A yes or no that this browser remembers, "no" at first; forgotten with the page where storage is off. */
export function useKeptFlag(name: string): readonly [boolean, (value: boolean) => void] {
  const read = useCallback(() => {
    try {
      return window.localStorage.getItem(name) === 'yes';
    } catch {
      return false;
    }
  }, [name]);
  const value = useSyncExternalStore(subscribe, read, () => false);
  const set = useCallback(
    (next: boolean) => {
      try {
        window.localStorage.setItem(name, next ? 'yes' : 'no');
      } catch {
        return; // storage is off: nothing can be remembered
      }
      window.dispatchEvent(new Event(CHANGED));
    },
    [name],
  );
  return [value, set];
}
