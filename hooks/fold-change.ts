import { OVERVIEW_CHANGES, type Change } from '../lib/contracts/changes';
import type { Overview } from '../lib/contracts/overview';

/**
 * An overview with a change that is new, or that says more now; the same overview where it concerns another service,
 * or lies outside of a window that stands still.
 */
export function foldChange(overview: Overview, change: Change): Overview {
  const { service, changes, range, from, to } = overview;
  if (range === null && (change.at <= from || change.at > to)) return overview;
  if (service !== 'all' && change.service !== null && change.service !== service) return overview;
  const others = changes.filter(({ id }) => id !== change.id);
  const after = others.findIndex(({ at }) => at <= change.at);
  const at = after < 0 ? others.length : after;
  return { ...overview, changes: [...others.slice(0, at), change, ...others.slice(at)].slice(0, OVERVIEW_CHANGES) };
}
