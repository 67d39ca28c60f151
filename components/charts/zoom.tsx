'use client';

import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';

/** A stretch of time that is being marked out, ms since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Zoom {
  get(): Stretch | null;
  /** What is marked out so far; null gives it up. */
  mark(stretch: Stretch | null): void;
  /** Takes what is marked out. */
  take(): void;
  subscribe(listener: () => void): () => void;
}

function createZoom() {
  let current: Stretch | null = null;
  let onZoom: (stretch: Stretch) => void = () => undefined;
  const listeners = new Set<() => void>();
  const mark = (stretch: Stretch | null): void => {
    current = stretch;
    for (const listener of listeners) listener();
  };
  const zoom: Zoom = {
    get: () => current,
    mark,
    take() {
      const taken = current;
      mark(null);
      if (taken !== null) onZoom(taken);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { zoom, tell: (listener: typeof onZoom) => (onZoom = listener) };
}

const ZoomContext = createContext<Zoom | null>(null);

interface ZoomProviderProps {
  readonly onZoom: (stretch: Stretch) => void;
  readonly children: ReactNode;
}

/** Lets a stretch of time be marked out on any chart below it, by dragging; all of them show it. */
export function ZoomProvider({ onZoom, children }: ZoomProviderProps) {
  const [{ zoom, tell }] = useState(createZoom);
  useEffect(() => void tell(onZoom), [tell, onZoom]);
  return <ZoomContext value={zoom}>{children}</ZoomContext>;
}

/** Null where nothing can be marked out. */
export const useZoom = (): Zoom | null => useContext(ZoomContext);

const never = () => () => undefined;

/** What is being marked out. */
export function useStretch(): Stretch | null {
  const zoom = useZoom();
  return useSyncExternalStore(
    zoom?.subscribe ?? never,
    () => zoom?.get() ?? null,
    () => null,
  );
}
