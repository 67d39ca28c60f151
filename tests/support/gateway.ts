import type { ConfigInput, PolicyInput } from '../../lib/contracts/policy.ts';
import type { GatewayEvent, GatewaySnapshot, RouteSnapshot } from '../../lib/contracts/control.ts';
import { resolveConfig } from '../../lib/config/resolve.ts';
import type { ClearSource } from '../../lib/cache/clear-record.ts';
import { createMemoryClears } from '../../lib/cache/clear-sources/memory.ts';
import { createGateway, type Gateway, type GatewayDeps } from '../../lib/gateway/gateway.ts';
import type { Clock } from '../../lib/kernel/clock.ts';
import { silentLogger, type Logger } from '../../lib/kernel/logger.ts';
import type { Config } from '../../lib/contracts/policy.ts';

type ServiceInput = ConfigInput['services'][number];

/** What a test sets about its gateway; the rest is as in production. */
export interface GatewaySetup {
  readonly policy?: PolicyInput;
  readonly routes?: ServiceInput['routes'];
  readonly gateway?: ConfigInput['gateway'];
  readonly service?: Partial<ServiceInput>;
  readonly target?: Partial<ServiceInput['targets'][number]>;
  readonly logger?: Logger;
  readonly instance?: string;
  readonly host?: string;
  readonly clears?: ClearSource;
  readonly persistent?: GatewayDeps['persistent'];
  readonly fleet?: GatewayDeps['fleet'];
  /** Where the wall clock starts, ms since the epoch; then it goes with `advance`. */
  readonly wall?: number;
  readonly readFile?: (path: string) => string;
}

/** A gateway in this thread, on a free port, in front of one origin. */
export interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly events: readonly GatewayEvent[];
  /** Moves freshness, residency and the breaker's pauses on; the wall clock stays. */
  advance(ms: number): void;
  snapshot(): Promise<GatewaySnapshot>;
  /** The counters of a route of the first service. */
  route(name?: string): Promise<RouteSnapshot>;
  setMode(mode: 'cache' | 'observe' | 'bypass', until?: number): Promise<void>;
  /** Ends it, streams too. */
  close(): Promise<void>;
}

/** The configuration of a gateway with one service named "s" in front of `url`. */
export function gatewayConfig(url: string, setup: GatewaySetup = {}): Config {
  const service: ServiceInput = {
    name: 's',
    targets: [{ url, ...setup.target }],
    ...(setup.policy && { policy: setup.policy }),
    ...(setup.routes && { routes: setup.routes }),
    ...setup.service,
  };
  return resolveConfig(
    { ...(setup.gateway && { gateway: setup.gateway }), services: [service] },
    {
      cacheTtl: 0,
      readFile:
        setup.readFile ??
        ((path) => {
          throw new Error(`no file may be named here: ${path}`);
        }),
    },
  );
}

/** Starts one; `setup` may be a whole configuration. */
export async function openGateway(url: string, setup: GatewaySetup = {}, whole?: Config): Promise<TestGateway> {
  let offset = 0;
  const clock: Clock = {
    wall: () => (setup.wall === undefined ? Date.now() : setup.wall + offset),
    mono: () => 1_000 + offset,
  };
  const gateway = await createGateway(
    {
      config: whole ?? gatewayConfig(url, setup),
      instance: setup.instance ?? 'test',
      worker: 0,
      host: setup.host ?? '127.0.0.1',
      port: 0,
      reusePort: false,
    },
    {
      clock,
      random: () => 0.5,
      logger: setup.logger ?? silentLogger,
      clears: setup.clears ?? createMemoryClears(),
      ...(setup.persistent && { persistent: setup.persistent }),
      ...(setup.fleet && { fleet: setup.fleet }),
    },
  );
  const events: GatewayEvent[] = [];
  gateway.events.on((event) => events.push(event));
  let closing: Promise<void> | undefined;
  return {
    url: gateway.url,
    port: gateway.port,
    gateway,
    events,
    advance(ms) {
      offset += ms;
    },
    snapshot: () => gateway.snapshot(),
    async route(name = '*') {
      const snapshot = await gateway.snapshot();
      const found = snapshot.services[0]?.routes.find((route) => route.route === name);
      if (found === undefined) throw new Error(`no route ${name}`);
      return found;
    },
    setMode: (mode, until) => gateway.command({ type: 'set-mode', service: 's', mode, reason: 'a test', until }),
    close() {
      closing ??= gateway.command({ type: 'drain', graceMs: 0 });
      return closing;
    },
  };
}
