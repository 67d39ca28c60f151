import { createClearFollower } from '../cache/clear-follower.ts';
import { createClearLog } from '../cache/clear-log.ts';
import type { ClearSource } from '../cache/clear-record.ts';
import { createMemoryLevel } from '../cache/stores/memory-level.ts';
import type { GatewayCommand, GatewayEvent, GatewaySnapshot, SnapshotWants } from '../contracts/control.ts';
import type { Config, Service } from '../contracts/policy.ts';
import type { Fleet } from '../dedup/fleet.ts';
import { createHitForMiss } from '../dedup/hit-for-miss.ts';
import { createSingleFlight } from '../dedup/single-flight.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import { createEvents, type Events } from '../kernel/events.ts';
import type { Logger } from '../kernel/logger.ts';
import { createRedactor } from '../kernel/redact.ts';
import { createKeyCounters } from '../metrics/key-counters.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { explained } from './explain.ts';
import { createGroupClears } from './group-clears.ts';
import { createHarvest } from './harvest.ts';
import { HotCache } from './hot-cache.ts';
import { forgetToo } from './invalidate.ts';
import type { FlightHead } from './judge.ts';
import { listen, type Listener } from './listener.ts';
import { createLookout } from './lookout.ts';
import { createLoopMeter } from './loop-meter.ts';
import { createMatcher, type Match } from './match.ts';
import { createModes } from './modes.ts';
import { createOrigin, type Origin } from './origin.ts';
import { createRecords } from './records.ts';
import { createRequestIds } from './request-ids.ts';
import { shownKey } from './shown.ts';
import { runServices, snapshotService, type ServiceRuntime } from './service-runtime.ts';
import { redactCounters, redactKey } from './redact-key.ts';
import { storedUrl } from './stored-as.ts';
import { createStoring } from './storing.ts';
import { createThirdLevel, L2_RESIDENCY_MS, type Persistent } from './third-level.ts';
import { createTokenCheck } from './trace.ts';
import { createTrust } from './trust.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly instance: string;
  readonly worker: number;
  readonly host: string;
  readonly port: number;
  readonly reusePort: boolean;
}

/** One gateway: a listener, its levels, its services. The worker thread has one. */
export interface Gateway {
  readonly port: number;
  readonly url: string;
  readonly events: Events<GatewayEvent>;
  snapshot(wants?: SnapshotWants): Promise<GatewaySnapshot>;
  /** @throws PitwallError when the command can't take effect */
  command(command: GatewayCommand): Promise<void>;
  /** Whether somebody listens to topic 'requests'. */
  tail(on: boolean): void;
}

export interface GatewayDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** The log that all instances share. */
  readonly clears: ClearSource;
  /** The third level; undefined = none. */
  readonly persistent?: Persistent;
  /** Coalescing with other instances; undefined = none. */
  readonly fleet?: Fleet;
}

/** Share of the memory budget that L1 may take; L2 has the rest. */
export const HOT_SHARE = 0.4;
/** How long the event loop's figures are gathered before they are shown, ms: a snapshot shows the last whole window. */
const LOOP_WINDOW_MS = 1_000;
/** How far the fastest reader of a flight may be ahead of the slowest, bytes. */
const WINDOW_BYTES = 1_048_576;

/** Starts listening. @throws PitwallError port_in_use */
export async function createGateway(
  options: GatewayOptions,
  { clock, random, logger, clears, persistent, fleet }: GatewayDeps,
): Promise<Gateway> {
  const events = createEvents<GatewayEvent>();
  const emit = (event: GatewayEvent): void => events.emit(event);
  const { gateway: settings } = options.config;
  const startedAt = clock.wall();
  const { names: maxNames, patterns: maxPatterns } = settings.clears;
  const clearLog = createClearLog({ maxNames, maxPatterns, storedAs: (url) => storedUrl(match, url) });
  const follower = createClearFollower({ log: clearLog, source: clears, clock });
  const hotBytes = Math.floor(settings.memory * HOT_SHARE);
  const storing = createStoring();
  const l2 = createMemoryLevel({ budgetBytes: settings.memory - hotBytes, clock, onEvict: (entry) => l1.drop(entry) });
  const l3 =
    persistent && createThirdLevel(persistent, { clock, l2, clearLog, storing, trusted: () => follower.trusted });
  const redactor = createRedactor();
  redactor.configure(settings.redact);
  const nextId = createRequestIds(random);
  const pseudonym = 'pitwall';
  const keys = createKeyCounters({ clock });
  const l1: HotCache = new HotCache({
    clock,
    l2,
    clearLog,
    budgetBytes: hotBytes,
    pseudonym,
    sendTimeout: settings.timeouts.send,
    keepAlive: settings.timeouts.keepAlive,
    hasTrustedProxies: settings.trustedProxies.length > 0,
    nextId,
    redactKey: (key) => redactKey(redactor, key),
    onHits({ key }, route, hits) {
      keys.asked(shownKey(route, key), route.service.config.name, route.route.name, hits);
    },
  });

  const connect = (service: Service, known: ServiceRuntime | undefined): Origin => {
    if (known !== undefined && sameOrigin(known.config, service)) return known.origin;
    return createOrigin(service, {
      clock,
      random,
      onBreaker: (change) => events.emit({ type: 'breaker', service: service.name, ...change }),
    });
  };
  let services = runServices(options.config, [], connect);
  let match: (host: string, method: string, path: string) => Match | undefined = createMatcher(services);
  const modes = createModes({ clock, services: () => services, onChange: emit });
  const records = createRecords({ settings: settings.accessLog, redactor, random, logger, emit });

  const context: GatewayContext = {
    clock,
    logger,
    redactor,
    settings,
    pseudonym,
    instanceName: `${pseudonym}-${options.instance}`,
    l2,
    l1,
    l3,
    fleet,
    clearLog,
    groupClears: createGroupClears({ source: clears, follower, clock, logger, emit }),
    keys,
    flights: createSingleFlight<FlightHead, Exchange>({
      windowBytes: WINDOW_BYTES,
      budgetBytes: settings.flightMemory,
    }),
    sent: new WeakMap(),
    hitForMiss: createHitForMiss({ clock }),
    storing,
    async store(entry, fence) {
      if (l3?.shared === true) entry.residentUntil = Math.floor(clock.mono()) + L2_RESIDENCY_MS;
      l2.write(entry);
      // Credentials that a variant was selected by stay in memory.
      const secret = entry.vary.some((name, i) => redactor.isSecret(name) && entry.varyValues[i]?.trim() !== '');
      return l3 === undefined || secret ? false : l3.write(entry, fence);
    },
    drop(entry) {
      l2.remove(entry);
      l3?.remove(entry);
    },
    tell: emit,
    match: (host, method, path) => match(host, method, path),
    trusts: createTrust(settings.trustedProxies),
    mayExplain: createTokenCheck(settings.explainToken),
    nextId,
    get record() {
      return records.sink;
    },
    draining: false,
    tunnels: new Set(),
    refused: new Map(),
  };
  await follower.start();
  const lookOut = createLookout({ clock, logger, clearLog, follower, persistent, emit });
  const listener = await listen(context, options);
  const harvest = createHarvest(l1);
  const loop = createLoopMeter();
  const window = setInterval(() => {
    loop.turn();
    lookOut();
  }, LOOP_WINDOW_MS).unref();

  async function configure(config: Config): Promise<void> {
    redactor.configure(config.gateway.redact);
    const before = services;
    services = runServices(config, before, connect);
    match = createMatcher(services);
    l1.clear();
    const kept = new Set(services.map((service) => service.origin));
    for (const old of before) {
      if (kept.has(old.origin)) continue;
      old.origin.retire();
      // Who was admitted before the reload and asks only now goes to what took its place.
      const heir = services.find((service) => service.config.name === old.config.name);
      if (heir !== undefined) old.origin = heir.origin;
    }
    // The names of secrets took effect above.
    if (JSON.stringify({ ...config.gateway, redact: settings.redact }) !== JSON.stringify(settings)) {
      logger.warn('The settings under "gateway:" have changed; they take effect at the next start.');
    }
  }

  return {
    port: listener.port,
    url: listener.url,
    events,
    tail: (on) => records.tail(on),
    async snapshot(wants) {
      const memory = process.memoryUsage();
      return {
        instance: options.instance,
        worker: options.worker,
        at: clock.wall(),
        startedAt,
        url: listener.url,
        services: services.map(snapshotService),
        levels: [
          l1.snapshot(),
          { level: 'l2', state: 'ok', kind: 'memory', why: undefined, latency: [], dropped: 0, ...l2.stats() },
          ...(l3 === undefined ? [] : [l3.snapshot()]),
        ],
        refused: Object.fromEntries(context.refused),
        connections: await listener.connections(),
        inFlight: context.flights.inFlight,
        ...loop.figures,
        clears: { number: clearLog.head, state: follower.state, age: follower.age, folded: clearLog.folded },
        groupClears: Object.fromEntries(
          services.map(({ config: { name } }) => [name, context.groupClears.count(name)]),
        ),
        memory: { heapUsed: memory.heapUsed, external: memory.external },
        ...(wants?.keys && { keys: redactCounters(redactor, keys.read(wants.keys)) }),
        ...(wants?.explain && { explained: await explained(context, options, wants.explain) }),
      };
    },
    async command(command) {
      switch (command.type) {
        case 'set-mode':
          modes.set(command);
          return;
        case 'configure':
          await configure(command.config);
          return;
        case 'hold-breaker':
          find(services, command.service).origin.breaker.hold(command.hold);
          return;
        case 'reopen-log':
          records.reopen();
          return;
        case 'follow-clears':
          await follower.catchUp(command.number);
          return;
        case 'forget':
          forgetToo(context, command.key, command.url);
          return;
        case 'drain':
          await drain(listener, command.graceMs);
      }
    },
  };

  async function drain(from: Listener, graceMs: number): Promise<void> {
    await from.drain(graceMs);
    modes.close();
    await context.groupClears.close();
    await follower.close();
    clearInterval(window);
    harvest.close();
    loop.close();
    await Promise.all(services.map((service) => service.origin.close()));
    await records.close();
  }
}

/** A reload that leaves target and breaker as they were keeps sockets and breaker state. */
function sameOrigin(before: Service, after: Service): boolean {
  const relevant = ({ targets, breaker, routes }: Service): string =>
    JSON.stringify([targets, breaker, routes.at(-1)?.policy.timeouts.connect]);
  return relevant(before) === relevant(after);
}

function find(services: readonly ServiceRuntime[], name: string): ServiceRuntime {
  const service = services.find((candidate) => candidate.config.name === name);
  if (service === undefined) throw new PitwallError('not_found', `There is no service named ${name}.`);
  return service;
}
