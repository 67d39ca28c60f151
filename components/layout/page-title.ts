import type { Overview } from '@/lib/contracts/overview';
import { UNKNOWN, formatPercent } from '@/components/ui/format';
import { HEALTH } from '@/components/ui/health-words';

/** The tab's title: trouble first, else what the cache saves, or the page where it isn't the first; then which Pitwall. */
export function pageTitle(overview: Overview | null, page?: string): string {
  const name = page === undefined || page === 'Performance' ? [] : [page];
  if (overview === null) return [...name, 'Pitwall'].join(' · ');
  const { state } = overview.health;
  const saved = formatPercent(overview.summary.originCallsSaved);
  const news =
    state !== 'healthy' ? [HEALTH[state].word] : saved === UNKNOWN || name.length > 0 ? [] : [`${saved} % saved`];
  return [...news, ...name, overview.environment, 'Pitwall'].join(' · ');
}
