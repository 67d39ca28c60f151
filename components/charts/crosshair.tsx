'use client';

import { createContext, useContext, useState, useSyncExternalStore, type ReactNode } from 'react';

interface Crosshair {
  get(): number | null;
  set(at: number | null): void;
  subscribe(listener: () => void): () => void;
}

function createCrosshair(): Crosshair {
  let current: number | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(at) {
      if (at === current) return;
      current = at;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const CrosshairContext = createContext<Crosshair | null>(null);

/** One moment under the pointer for all charts below it. */
export function CrosshairProvider({ children }: { children: ReactNode }) {
  const [crosshair] = useState(createCrosshair);
  return <CrosshairContext value={crosshair}>{children}</CrosshairContext>;
}

/** What moves the crosshair; reading it doesn't draw anything anew. */
export function useCrosshairStore(): Crosshair {
  const crosshair = useContext(CrosshairContext);
  if (crosshair === null) throw new Error('a chart needs a CrosshairProvider above it');
  return crosshair;
}

/** The moment under the crosshair, ms since the epoch; null when there's none. */
export function useCrosshair(): number | null {
  const crosshair = useCrosshairStore();
  return useSyncExternalStore(crosshair.subscribe, crosshair.get, () => null);
}
