import type { Overview } from '@/lib/contracts/overview';
import { UNKNOWN, formatPercent } from '@/components/ui/format';
import { HEALTH } from '@/components/ui/health-words';

/** The tab's title: trouble first, else what the cache saves. */
export function pageTitle(overview: Overview | null): string {
  if (overview === null) return 'Pitwall';
  const { state } = overview.health;
  if (state !== 'healthy') return `${HEALTH[state].word} · Pitwall`;
  const saved = formatPercent(overview.summary.originCallsSaved);
  return saved === UNKNOWN ? 'Pitwall' : `${saved} % saved · Pitwall`;
}
