import type { RouteIds } from './route-ids.ts';

/** Some of the routes. */
export interface Rows {
  /** Their ids, ascending; undefined = all. */
  readonly ids: readonly number[] | undefined;
}

/** Of which routes an answer speaks. */
export interface Scope extends Rows {
  /** What samples of it are kept under. */
  readonly key: string;
  /** Whether a service belongs to it, by name. */
  readonly has: (service: string) => boolean;
  /** Where it's one route alone: which. */
  readonly only: number | undefined;
}

/** Every service. */
export const isAnything: Scope['has'] = () => true;

/** One route alone, by its id. */
export function routeScope(id: number, has: Scope['has']): Scope {
  return { key: `#${id}`, has, ids: [id], only: id };
}

/** All routes of some services. */
export function serviceScope(key: string, has: Scope['has'], routes: RouteIds): Scope {
  const ids =
    has === isAnything ? undefined : [...routes.all()].filter((each) => has(each.service)).map(({ id }) => id);
  return { key, has, ids, only: undefined };
}
