import type { Mode } from '@/lib/contracts/traffic';

export const MODE_WORD: Readonly<Record<Mode, { readonly word: string; readonly does: string }>> = {
  cache: { word: 'Cache', does: 'Answers from the store, coalesces, protects the origin.' },
  observe: { word: 'Observe', does: 'Forwards everything, and counts what would have been saved.' },
  bypass: { word: 'Bypass', does: 'Forwards everything, and counts nothing as saved.' },
};
