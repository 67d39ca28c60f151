import { merge } from '../kernel/sparse-histogram.ts';
import type { FrameRow } from './frame.ts';
import type { RouteGrowth } from './growth.ts';

/**
 * The rows of a second: routes that counted anything, with each service's hits on its first row.
 *
 * @param idOf the route's id
 */
export function frameRows(
  growth: readonly RouteGrowth[],
  idOf: (service: string, route: string) => number,
): FrameRow[] {
  const hits = new Map<string, RouteGrowth[]>();
  for (const grown of growth) {
    if (grown.hit.length === 0) continue;
    const list = hits.get(grown.service) ?? [];
    list.push(grown);
    hits.set(grown.service, list);
  }
  const rows: FrameRow[] = [];
  for (const { service, route, fields, miss } of growth) {
    const ofService = hits.get(service);
    if (ofService === undefined && miss.length === 0 && fields.every((value) => value === 0)) continue;
    hits.delete(service);
    const hit = ofService === undefined ? [] : merge(ofService.map((grown) => grown.hit));
    rows.push({ id: idOf(service, route), fields, miss, hit });
  }
  return rows;
}
