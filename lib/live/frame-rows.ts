import type { FrameRow } from './frame.ts';
import type { RouteGrowth } from './growth.ts';

/**
 * The rows of a second: routes that counted anything.
 *
 * @param idOf the route's id
 */
export function frameRows(
  growth: readonly RouteGrowth[],
  idOf: (service: string, route: string) => number,
): FrameRow[] {
  return growth
    .filter(({ fields, hit, miss }) => hit.length + miss.length > 0 || fields.some((value) => value !== 0))
    .map(({ service, route, fields, hit, miss }) => ({ id: idOf(service, route), fields, hit, miss }));
}
