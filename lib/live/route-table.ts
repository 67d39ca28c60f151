import type { GatewaySnapshot } from '../contracts/control.ts';
import type { RouteRow } from '../contracts/overview.ts';
import { requestsIn } from './field.ts';
import { routeKey } from './growth.ts';
import type { RouteId } from './route-ids.ts';
import type { Scope } from './scope.ts';
import { routeRow } from './summary.ts';
import { emptyRouteSums, type Window } from './window.ts';

/**
 * The rows of the table of routes, the most costly first: what is served now, and what had requests in the window.
 *
 * @param known all routes that have an id
 * @param latest the newest readings
 */
export function routeTable(
  known: Iterable<RouteId>,
  { routes, seconds }: Window,
  { has, only }: Scope,
  latest: readonly GatewaySnapshot[],
): RouteRow[] {
  const unsafe = served(latest);
  return [...known]
    .filter(({ id, service }) => (only === undefined ? has(service) : id === only))
    .flatMap(({ id, service, route }) => {
      const sums = routes.get(id);
      const ignored = unsafe.get(routeKey(service, route));
      if (ignored === undefined && (sums === undefined || requestsIn(sums.fields) === 0)) return [];
      return routeRow(service, route, ignored ?? [], sums ?? emptyRouteSums(), seconds);
    })
    .sort((a, b) => b.originSecondsPerMinute - a.originSecondsPerMinute || b.requestsPerSecond - a.requestsPerSecond);
}

/** Ignored policies by route: the routes that are served now. */
function served(latest: readonly GatewaySnapshot[]): Map<string, readonly string[]> {
  const unsafe = new Map<string, readonly string[]>();
  for (const { service, routes } of latest.flatMap((snapshot) => snapshot.services)) {
    for (const route of routes) unsafe.set(routeKey(service, route.route), route.unsafe);
  }
  return unsafe;
}
