import type { Overview } from '@/lib/contracts/overview';
import type { State } from './state';

type Health = Overview['health']['state'];

/** Health as one of the four states, and its word. */
export const HEALTH: Readonly<Record<Health, { readonly state: State; readonly word: string }>> = {
  healthy: { state: 'good', word: 'Healthy' },
  degraded: { state: 'watch', word: 'Degraded' },
  failing: { state: 'bad', word: 'Failing' },
  unknown: { state: 'unknown', word: 'Unknown' },
};
