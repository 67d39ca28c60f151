import { routeKey } from './growth.ts';

export interface RouteId {
  readonly id: number;
  readonly service: string;
  readonly route: string;
}

/** Short names for routes, as packed seconds need them. */
export interface RouteIds {
  /** The route's id, a new one if need be; noted as in use in second `now`. */
  use(service: string, route: string, now: number): number;
  find(service: string, route: string): number | undefined;
  serviceOf(id: number): string;
  has(id: number): boolean;
  /** Ascending by id. */
  all(): Iterable<RouteId>;
  services(): Set<string>;
  /** Forgets those last used before second `before`; true if there were any. */
  forget(before: number): boolean;
}

export function createRouteIds(): RouteIds {
  const byKey = new Map<string, RouteId & { used: number }>();
  const byId = new Map<number, RouteId>();
  let next = 0;
  return {
    use(service, route, now) {
      const key = routeKey(service, route);
      let known = byKey.get(key);
      if (known === undefined) {
        known = { id: next++, service, route, used: now };
        byKey.set(key, known);
        byId.set(known.id, known);
      }
      known.used = now;
      return known.id;
    },
    find: (service, route) => byKey.get(routeKey(service, route))?.id,
    serviceOf: (id) => (byId.get(id) as RouteId).service,
    has: (id) => byId.has(id),
    all: () => byId.values(),
    services: () => new Set([...byId.values()].map(({ service }) => service)),
    forget(before) {
      let any = false;
      for (const [key, { id, used }] of byKey) {
        if (used >= before) continue;
        byKey.delete(key);
        byId.delete(id);
        any = true;
      }
      return any;
    },
  };
}
