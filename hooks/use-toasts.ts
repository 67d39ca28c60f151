'use client';

import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Toast, Toasts } from './toasts';

/** The toasts of this page; one list per console, set by the providers. */
export const ToastsContext = createContext<Toasts | null>(null);

/** @throws outside a ToastsContext */
export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (toasts === null) throw new Error('useToasts needs a ToastsContext above it');
  return toasts;
}

const NONE: readonly Toast[] = [];

/** What is shown now. */
export function useToastList(): readonly Toast[] {
  const toasts = useToasts();
  return useSyncExternalStore(toasts.subscribe, toasts.list, () => NONE);
}
