import type { ServiceSnapshot } from '../contracts/control.ts';
import type { Config, Route, Service } from '../contracts/policy.ts';
import type { Mode } from '../contracts/traffic.ts';
import { createQueryRule, type QueryRule } from '../dedup/query-rule.ts';
import type { Origin } from './origin.ts';
import { realmOf, realmOfRoute } from './realm.ts';
import { RouteMeter } from './route-meter.ts';

/** A route as the gateway runs it. Survives a reload under the same service and name, so that counters only grow. */
export interface RouteRuntime {
  readonly service: ServiceRuntime;
  route: Route;
  /** Part of every key of it: the service's, and whether it's sensitive. */
  readonly realm: string;
  readonly meter: RouteMeter;
  /** What of a query counts here, by the policy. */
  readonly queryRule: QueryRule;
}

/** A service as the gateway runs it. */
export interface ServiceRuntime {
  config: Service;
  mode: Mode;
  modeReason: string | undefined;
  /** Wall ms at which the configured mode returns. */
  modeUntil: number | undefined;
  origin: Origin;
  routes: RouteRuntime[];
}

/**
 * The services of `config`. What `before` has of the same name goes on: counters, and the mode that a person set.
 *
 * @param connect makes the origin of a service; `known` is the service as it ran before
 */
export function runServices(
  config: Config,
  before: readonly ServiceRuntime[],
  connect: (service: Service, known: ServiceRuntime | undefined) => Origin,
): ServiceRuntime[] {
  return config.services.map((service) => {
    const realm = realmOf(service);
    const known = before.find((candidate) => candidate.config.name === service.name);
    const held = known !== undefined && known.modeReason !== undefined;
    const runtime: ServiceRuntime = {
      config: service,
      mode: held ? known.mode : service.mode,
      modeReason: held ? known.modeReason : undefined,
      modeUntil: held ? known.modeUntil : undefined,
      origin: connect(service, known),
      routes: [],
    };
    runtime.routes = service.routes.map((route) => ({
      service: runtime,
      route,
      realm: realmOfRoute(realm, route),
      meter: known?.routes.find((candidate) => candidate.route.name === route.name)?.meter ?? new RouteMeter(),
      queryRule: createQueryRule(route.policy.query),
    }));
    return runtime;
  });
}

/** Its mode, its target and the counters of its routes, as they stand. */
export function snapshotService(service: ServiceRuntime): ServiceSnapshot {
  return {
    service: service.config.name,
    sample: service.config.sample,
    mode: service.mode,
    modeReason: service.modeReason,
    modeUntil: service.modeUntil,
    targets: [service.origin.snapshot()],
    routes: service.routes.map(({ route, meter }) => meter.snapshot(route.name, route.policy.ignore)),
  };
}
