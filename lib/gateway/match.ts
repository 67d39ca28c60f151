import type { RouteRuntime, ServiceRuntime } from './service-runtime.ts';

/** What step "match" finds: the route and the parameters of its path pattern. */
export interface Match {
  readonly route: RouteRuntime;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly expression: RegExp;
  readonly methods: ReadonlySet<string> | undefined;
  readonly route: RouteRuntime;
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

/**
 * Finds service by host and route by path and method; first match wins, in the order of the configuration.
 * A service without hosts answers to any host that no other service names.
 *
 * @returns (host with optional port, method, normalised path) => the match, or undefined when no service answers
 */
export function createMatcher(
  services: readonly ServiceRuntime[],
): (host: string, method: string, path: string) => Match | undefined {
  const byHost = new Map<string, readonly Pattern[]>();
  let anyHost: readonly Pattern[] | undefined;
  for (const service of services) {
    const patterns = service.routes.map((route) => ({
      expression: compilePath(route.route.path),
      methods: route.route.methods && new Set(route.route.methods),
      route,
    }));
    if (service.config.hosts === undefined) anyHost ??= patterns;
    else for (const host of service.config.hosts) byHost.set(host.toLowerCase(), patterns);
  }

  return (host, method, path) => {
    const patterns = byHost.get(host) ?? byHost.get(host.replace(/:\d+$/, '')) ?? anyHost;
    if (patterns === undefined) return undefined;
    for (const { expression, methods, route } of patterns) {
      if (methods !== undefined && !methods.has(method)) continue;
      const found = expression.exec(path);
      if (found) return { route, params: found.groups ?? NO_PARAMS };
    }
    return undefined;
  };
}

/**
 * A path pattern as a regular expression: ":id" is one segment, "*" any rest. Linear in the path's length:
 * segments can't match "/", and one "*" is only followed by literal text.
 *
 * @param pattern e.g. "/chats/:id/history", "/static/*"
 */
export function compilePath(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:([A-Za-z_]\w*)/g, '(?<$1>[^/]+)')
    .replace(/\*/g, '.*');
  return new RegExp(`^${source}$`);
}
