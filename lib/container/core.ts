// Over 300 lines: what every process has, opened one after another.
import { join } from 'node:path';
import type { ClearSource } from '../cache/clear-record.ts';
import { createRedisClearSource } from '../cache/clear-sources/redis.ts';
import { readCacheKeys } from '../config/cache-keys.ts';
import type { Environment, Role } from '../config/environment.ts';
import { createLogger } from '../config/logger.ts';
import type { GatewaySnapshot } from '../contracts/control.ts';
import { DEFAULT_GATEWAY } from '../contracts/gateway-settings.ts';
import type { Config } from '../contracts/policy.ts';
import type { RunningConfig, Source } from '../contracts/running.ts';
import { createForgetNotices } from '../gateway/forget-notices.ts';
import { serveRedisControl } from '../gateway/control-server.ts';
import { createRedisControls, type RedisControls } from '../gateway/redis-control.ts';
import { startGateway, type GatewayThread } from '../gateway/thread.ts';
import { DRAINING } from '../http/probes.ts';
import { urlOf } from '../http/ready-block.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';
import type { Lifecycle } from '../kernel/lifecycle.ts';
import type { Logger } from '../kernel/logger.ts';
import { createRedactor, type Redactor } from '../kernel/redact.ts';
import { after } from '../kernel/timer.ts';
import { createExposition, type Exposition } from '../metrics/exposition.ts';
import { startDisk } from '../storage/disk-thread.ts';
import { keepConfiguration, openConfiguration, type RunningConfiguration } from './configuration.ts';
import { openDataDirectory } from './data-directory.ts';
import { keepDisk, type KeptDisk } from './disk.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createGateways, type Gateways } from './gateways.ts';
import { probePort } from './probe-port.ts';
import type { SharedRedis } from './redis.ts';
import { describeConfig } from './running-config.ts';
import { createUnsealedWarning } from './sensitive.ts';

/** What every process has, whatever its roles. */
export interface Core {
  readonly version: string;
  readonly logger: Logger;
  /** Of this process's own workers. */
  readonly metrics: Exposition;
  readonly roles: readonly Role[];
  /** Undefined in a console alone, as the next. */
  readonly source: Source | undefined;
  readonly gatewayUrl: string | undefined;
  /** A name that the gateway answers to at the start; undefined where it answers to any. */
  readonly gatewayName: string | undefined;
  /** What keeps the process from being ready, whole sentences; empty = ready. */
  missing(): Promise<string[]>;
  /** Has every worker of this process open its access log anew. */
  reopenLogs(): Promise<void>;
  /** From now on nothing is ready; sample traffic stops. */
  announceDrain(): void;
  /** Ends the gateways: idle connections at once, the rest within `graceMs`. */
  drain(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface ContainerOptions {
  readonly version: string;
  /** Names this process in a fleet. */
  readonly instance: string;
  /** Where people reach the console. */
  readonly consoleUrl: string;
  /** Somebody's rights have changed, or a session or token has ended. */
  readonly onAccessChanged?: () => void;
  readonly logger?: Logger;
  /** Takes secrets out of the log and the journal; told of the names that the configuration adds. */
  readonly redactor?: Redactor;
  readonly clock?: Clock;
}

/** What the console's part stands on. */
export interface CoreParts {
  readonly core: Core;
  readonly fleet: Fleet;
  /** The other processes; undefined without Redis. */
  readonly remote: RedisControls | undefined;
  /** Undefined in a console alone. */
  readonly gateway: GatewayPart | undefined;
  readonly clears: ClearSource;
  /** Shared by a fleet; undefined without Redis. */
  readonly redis: SharedRedis | undefined;
  readonly instance: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly lifecycle: Lifecycle;
}

/** The gateways of this process and what they run on. */
export interface GatewayPart {
  readonly gateways: Gateways;
  readonly running: RunningConfiguration;
  readonly source: Source;
  readonly sample: Awaited<ReturnType<typeof openConfiguration>>['sample'];
  describe(): RunningConfig;
}

/** How long a worker may take to answer before it counts as missing, ms. */
export const SNAPSHOT_DEADLINE_MS = 1_000;
/** Least that the storage thread needs, bytes: where there's no L3, it only keeps the clear log. */
const LEAST_DISK_BYTES = 16 * 1_048_576;

/**
 * Opens what a process has whatever its roles; `lifecycle` closes it.
 * @param options.onOwned called once nobody else can use the data directory, as far as that matters
 */
export async function openCore(
  environment: Environment,
  {
    version,
    instance,
    clock = systemClock,
    redactor = createRedactor(),
    onOwned,
    ...options
  }: ContainerOptions & { onOwned(): void },
  lifecycle: Lifecycle,
): Promise<CoreParts> {
  const logger = options.logger ?? createLogger(environment.logLevel, { redactor });
  const { roles, redisUrl, redisPrefix } = environment;
  const cacheKeys = roles.includes('gateway') ? readCacheKeys(environment) : [];
  const dataDir = openDataDirectory(environment.dataDir);
  /** Of this life of the process. */
  const id = crypto.randomUUID();
  let draining = false;
  let follow = (): void => undefined;

  const redis = redisUrl === undefined ? undefined : await openRedisOf(redisUrl);
  /** The client is loaded only where it's used. */
  async function openRedisOf(url: string): Promise<SharedRedis> {
    const { openSharedRedis } = await import('./redis.ts');
    const opened = openSharedRedis({ url, prefix: redisPrefix, instance, random: Math.random, logger });
    lifecycle.own('Redis', () => opened.close());
    return opened;
  }

  if (!roles.includes('gateway')) onOwned();
  const gateway = roles.includes('gateway') ? await openGateway() : undefined;
  const remote = redis && roles.includes('console') ? openRemote(redis) : undefined;
  const fleet = createFleet({ local: gateway?.gateways, remote, instance, id, draining: () => draining, after });
  follow = () => fleet.follow();

  function openRemote({ bus }: SharedRedis): RedisControls {
    const controls = createRedisControls(bus, { id: `console-${id}`, onInstances: () => follow() });
    lifecycle.own('other instances', () => controls.close());
    return controls;
  }

  async function openGateway(): Promise<GatewayPart & { readonly disk: KeptDisk | undefined; readonly url: string }> {
    const configuration = await openConfiguration(environment, logger);
    const { source, sample, config } = configuration;
    redactor.configure(config.gateway.redact);
    if (sample !== undefined) lifecycle.own('sample origin', () => sample.close());

    const threads = new Set<GatewayThread>();
    const level = config.gateway.disk > 0;
    const warnUnsealed = createUnsealedWarning(cacheKeys.length > 0, level || redisUrl !== undefined, logger);
    warnUnsealed(config);
    const disk =
      redisUrl === undefined
        ? await keepDisk({
            start: (above) =>
              startDisk({
                directory: join(dataDir, 'cache'),
                budgetBytes: Math.max(LEAST_DISK_BYTES, config.gateway.disk),
                clears: { ...config.gateway.clears, above },
                logger,
              }),
            onRestart(connect) {
              for (const thread of threads) thread.reconnectDisk(connect());
            },
            clock,
            after,
            logger,
          })
        : undefined;
    if (disk !== undefined) lifecycle.own('storage', () => disk.close());
    onOwned();

    const notices = redis && createForgetNotices(redis.bus, { id, onForget: forget });
    function forget(key: string, url: string): void {
      gateways.command({ type: 'forget', key, url }).catch(() => undefined);
    }

    const gateways = await createGateways({
      workers: environment.workers,
      instance,
      host: environment.gatewayHost,
      port: environment.gatewayPort,
      config,
      async start(start) {
        const thread = await startGateway({
          ...start,
          logger,
          ...(disk && { shared: { kind: 'disk', connection: disk.connect(), level, keys: cacheKeys } }),
          ...(redisUrl !== undefined && {
            shared: { kind: 'redis', url: redisUrl, prefix: redisPrefix, keys: cacheKeys },
          }),
        });
        threads.add(thread);
        void thread.exited.then(() => threads.delete(thread));
        return thread;
      },
      probe: probePort,
      ...(notices && { onInvalidated: (key: string, url: string) => notices.tell(key, url) }),
      clock,
      after,
      logger,
    });
    lifecycle.own('gateways', () => gateways.close(0));
    if (notices !== undefined) lifecycle.own('notices to other instances', () => notices.close());

    const running = keepConfiguration(configuration, {
      cacheTtl: environment.cacheTtl,
      async configure(next) {
        await gateways.command({ type: 'configure', config: next });
        redactor.configure(next.gateway.redact);
        warnUnsealed(next);
      },
      logger,
    });
    lifecycle.own('configuration', () => running.close());

    const url = urlOf(environment.gatewayHost, gateways.port);
    const describe = (): RunningConfig =>
      describeConfig(running.config(), running.source(), running.error(), cacheKeys.length > 0);
    if (redis !== undefined) {
      const served = serveRedisControl(redis.bus, {
        info: () => ({ instance, id, workers: environment.workers, url, configError: running.error(), draining }),
        controls: gateways.controls,
        all: gateways,
        describe,
        clock,
        logger,
      });
      lifecycle.own('control over Redis', () => served.close());
    }
    return { gateways, running, source, sample, describe, disk, url };
  }

  function sharedClears(): ClearSource {
    const { names, patterns } = gateway?.running.config().gateway.clears ?? DEFAULT_GATEWAY.clears;
    const { commands } = redis as SharedRedis;
    return createRedisClearSource(commands, {
      prefix: redisPrefix,
      names,
      patterns,
      wall: () => clock.wall(),
      newId: () => crypto.randomUUID(),
    });
  }

  const core: Core = {
    version,
    logger,
    roles,
    source: gateway?.source,
    gatewayUrl: gateway?.url,
    gatewayName: gateway && nameOf(gateway.running.config()),
    metrics: createExposition({ snapshots: ownSnapshots, version }),
    async missing() {
      if (draining) return [DRAINING];
      if (gateway === undefined) {
        const state = redis?.state();
        return state?.kind === 'away' ? [state.why] : [];
      }
      const snapshots = await gateway.gateways.snapshots(SNAPSHOT_DEADLINE_MS);
      return snapshots.flatMap((snapshot, worker) =>
        snapshot === undefined ? [`Gateway worker ${worker} doesn't answer.`] : [],
      );
    },
    async reopenLogs() {
      await gateway?.gateways.command({ type: 'reopen-log' });
    },
    announceDrain() {
      draining = true;
      gateway?.sample?.traffic.stop();
    },
    async drain(graceMs) {
      await gateway?.gateways.close(graceMs);
    },
    close: () => lifecycle.close(),
  };

  async function ownSnapshots(): Promise<GatewaySnapshot[]> {
    const snapshots = (await gateway?.gateways.snapshots(SNAPSHOT_DEADLINE_MS)) ?? [];
    return snapshots.filter((snapshot) => snapshot !== undefined);
  }

  return {
    core,
    fleet,
    remote,
    gateway,
    clears: gateway?.disk?.clears ?? sharedClears(),
    redis,
    instance,
    clock,
    redactor,
    lifecycle,
  };
}

function nameOf({ services }: Config): string | undefined {
  return services.some(({ hosts }) => hosts === undefined) ? undefined : services[0]?.hosts?.[0];
}
