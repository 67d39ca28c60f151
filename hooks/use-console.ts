'use client';

import { createContext, useContext } from 'react';
import type { ClearDraft } from './clear-draft';
import type { PerformanceMetrics } from './use-performance-metrics';
import type { View } from './view';

/** What the frame around the pages and the page in it share. */
export interface Console extends PerformanceMetrics {
  readonly view: View;
  readonly change: (part: Partial<View>) => void;
  /** Asks whether, and how, to clear this. */
  readonly clear: (draft: ClearDraft) => void;
  /** Whether a mouse rests on what would move. */
  readonly hovering: boolean;
  readonly setHovering: (hovering: boolean) => void;
}

export const ConsoleContext = createContext<Console | null>(null);

/** @throws outside the console's frame */
export function useConsole(): Console {
  const value = useContext(ConsoleContext);
  if (value === null) throw new Error('useConsole needs a ConsoleContext above it');
  return value;
}
