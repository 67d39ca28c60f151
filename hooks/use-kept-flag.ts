'use client';

import { useCallback } from 'react';
import { useStored } from './use-stored';

/** A yes or no that this browser remembers, "no" at first. */
export function useKeptFlag(name: string): readonly [boolean, (value: boolean) => void] {
  const [value, store] = useStored(name);
  const set = useCallback((next: boolean) => store(next ? 'yes' : 'no'), [store]);
  return [value === 'yes', set];
}
