import { hostname } from 'node:os';
import type { Server as SocketServer } from 'socket.io';
import type { Environment } from './config/environment.ts';
import { createLogger } from './config/logger.ts';
import { keepConfiguration, openConfiguration } from './container/configuration.ts';
import { openDataDirectory } from './container/data-directory.ts';
import { createGateways } from './container/gateways.ts';
import { createJobService, type JobService } from './container/job-service.ts';
import { probePort } from './container/probe-port.ts';
import { describeConfig } from './container/running-config.ts';
import type { GatewaySnapshot } from './contracts/control.ts';
import type { Overview, OverviewTick, ServiceState, SetMode, Watch } from './contracts/overview.ts';
import type { RunningConfig, Source } from './contracts/running.ts';
import { createMemo, type Memo } from './dedup/memo.ts';
import { startGateway } from './gateway/thread.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import { PitwallError } from './kernel/errors.ts';
import { createLifecycle } from './kernel/lifecycle.ts';
import type { Logger } from './kernel/logger.ts';
import { DRAINING } from './http/probes.ts';
import { urlOf } from './http/ready-block.ts';
import { createLiveHub, type LiveHub } from './live/hub.ts';
import { createSampler } from './live/sampler.ts';
import { createSeries } from './live/series.ts';
import { serviceStates } from './live/service-states.ts';
import { createExposition, type Exposition } from './metrics/exposition.ts';
import { openDatabase } from './storage/database/open.ts';

/** How long a worker may take to answer before it counts as missing, ms. */
const SNAPSHOT_DEADLINE_MS = 1_000;

/** How long runners of jobs get to stop at the end; what doesn't is queued for the next start, ms. */
const JOBS_GRACE_MS = 2_000;

type SampleTraffic = OverviewTick['sampleTraffic'];

/** Everything that the console's pages, API and sockets stand on. */
export interface Container {
  readonly version: string;
  readonly logger: Logger;
  /** Answers of the console's own API, by question. */
  readonly answers: Memo<string>;
  readonly metrics: Exposition;
  readonly source: Source;
  readonly gatewayUrl: string;
  readonly jobs: JobService;
  runningConfig(): RunningConfig;
  /** Throws `not_found` for a service that isn't configured. */
  overview(watch: Watch): Overview;
  tick(watch: Watch): OverviewTick;
  health(): OverviewTick['health'];
  /** As the gateways say now. Rejects with `gateway_unavailable` when none does. */
  services(): Promise<ServiceState[]>;
  /** Resolves when every worker has switched. Rejects with `not_found` or `gateway_unavailable`. */
  setMode(service: string, change: SetMode): Promise<ServiceState>;
  /** Throws `not_found` where the gateway fronts a real service. */
  runSampleTraffic(run: boolean): SampleTraffic;
  /** What keeps the product from being ready, in words; empty = ready. */
  missing(): Promise<string[]>;
  /** Opens the live namespace on `io` and feeds it once a second. */
  goLive(io: SocketServer): void;
  /** Has every worker open its access log anew. */
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
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/**
 * The composition root of the console's thread; server.ts is its only caller in production.
 * Rejects with `data_dir_unwritable`, `config_invalid` or `port_in_use`, each one plain sentence, with
 * everything closed again.
 */
export async function createContainer(environment: Environment, options: ContainerOptions): Promise<Container> {
  const lifecycle = createLifecycle();
  try {
    return await compose(environment, options, lifecycle);
  } catch (error) {
    await lifecycle.close().catch(() => undefined);
    throw error;
  }
}

async function compose(
  environment: Environment,
  { version, instance, clock = systemClock, ...options }: ContainerOptions,
  lifecycle: ReturnType<typeof createLifecycle>,
): Promise<Container> {
  const logger = options.logger ?? createLogger(environment.logLevel);
  openDataDirectory(environment.dataDir);
  const configuration = await openConfiguration(environment, logger);
  const { source, sample } = configuration;
  if (sample !== undefined) lifecycle.own('sample origin', () => sample.close());

  // Beside the gateways, which don't need it.
  const opening = openDatabase({ url: environment.databaseUrl, directory: environment.dataDir, logger });
  opening.catch(() => undefined);
  lifecycle.own('database', async () => (await opening.catch(() => undefined))?.close());

  const gateways = await createGateways({
    workers: environment.workers,
    instance,
    host: environment.gatewayHost,
    port: environment.gatewayPort,
    config: configuration.config,
    start: (start) => startGateway({ ...start, logger }),
    probe: probePort,
    clock,
    after,
    logger,
  });
  lifecycle.own('gateways', () => gateways.close(0));

  const running = keepConfiguration(configuration, {
    cacheTtl: environment.cacheTtl,
    configure: (config) => gateways.command({ type: 'configure', config }),
    logger,
  });
  lifecycle.own('configuration', () => running.close());

  const gatewayUrl = urlOf(environment.gatewayHost, gateways.port);
  let draining = false;
  let hub: LiveHub | undefined;

  const series = createSeries({ clock, gatewayUrl });
  const sampler = createSampler({
    snapshots: answered,
    series,
    clock,
    logger,
    onTick() {
      hub?.pulse();
      sample?.traffic.watchers(hub?.watchers() ?? 0);
    },
  });
  lifecycle.own('sampler', () => sampler.close());

  const sampleTraffic = (): SampleTraffic => sample?.traffic.state() ?? 'off';

  function known(watch: Watch): Watch {
    if (watch.service === 'all' || running.config().services.some(({ name }) => name === watch.service)) return watch;
    throw new PitwallError('not_found', `There is no service named ${JSON.stringify(watch.service)}.`);
  }

  /** The readings of the workers that answer in time. */
  async function answered(deadlineMs = SNAPSHOT_DEADLINE_MS): Promise<GatewaySnapshot[]> {
    return (await gateways.snapshots(deadlineMs)).filter((snapshot) => snapshot !== undefined);
  }

  async function answering(): Promise<GatewaySnapshot[]> {
    const snapshots = await answered();
    if (snapshots.length > 0) return snapshots;
    throw new PitwallError('gateway_unavailable', 'No gateway worker answers at the moment.', { retryAfter: 1 });
  }

  async function stateOf(service: string): Promise<ServiceState> {
    const state = serviceStates(await answering()).find((candidate) => candidate.service === service);
    if (state !== undefined) return state;
    throw new PitwallError('not_found', `There is no service named ${JSON.stringify(service)}.`);
  }

  const database = await opening;
  const jobs = createJobService({
    runners: {},
    repository: database.jobs,
    concurrency: environment.maxConcurrentTests,
    // A file is this process's alone; on a server the name has to be, and to outlive a restart.
    owner: database.shared ? (environment.instance ?? `${hostname()}-${environment.port}`) : 'local',
    clock,
    logger,
  });
  lifecycle.own('jobs', () => jobs.close(JOBS_GRACE_MS));
  void jobs.open();

  const container: Container = {
    version,
    logger,
    source,
    answers: createMemo<string>({ ttlMs: 30_000, maxEntries: 1_000, clock }),
    metrics: createExposition({ snapshots: () => answered(), version }),
    gatewayUrl,
    jobs,
    runningConfig: () => describeConfig(running.config(), source, running.error()),
    overview: (watch) => ({
      ...series.overview(known(watch).service, watch.range),
      sampleTraffic: sampleTraffic(),
      configError: running.error(),
    }),
    tick: (watch) => ({
      ...series.tick(known(watch).service, watch.range),
      sampleTraffic: sampleTraffic(),
      configError: running.error(),
    }),
    health: () => series.tick('all', '1m').health,
    services: async () => serviceStates(await answering()),
    async setMode(service, { mode, reason, forMs }) {
      known({ service, range: '1m' });
      const until = forMs === undefined ? undefined : clock.wall() + forMs;
      await gateways.command({ type: 'set-mode', service, mode, reason, until });
      logger.info(`Mode of ${service} is now ${mode}: ${reason}`, { service, mode, until });
      return stateOf(service);
    },
    runSampleTraffic(run) {
      if (sample === undefined)
        throw new PitwallError('not_found', 'There is no sample traffic: the gateway fronts a real service.');
      if (run) sample.traffic.resume();
      else sample.traffic.stop();
      return sampleTraffic();
    },
    async missing() {
      if (draining) return [DRAINING];
      const snapshots = await gateways.snapshots(SNAPSHOT_DEADLINE_MS);
      return snapshots.flatMap((snapshot, worker) =>
        snapshot === undefined ? [`Gateway worker ${worker} doesn't answer`] : [],
      );
    },
    goLive(io) {
      hub = createLiveHub({
        io,
        overview: (watch) => container.overview(watch),
        tick: (watch) => container.tick(watch),
        subscribeRequests: (listener) => gateways.subscribe('requests', listener),
        clock,
      });
      sample?.traffic.start(gatewayUrl);
    },
    async reopenLogs() {
      await gateways.command({ type: 'reopen-log' });
    },
    announceDrain() {
      draining = true;
      sample?.traffic.stop();
    },
    drain: (graceMs) => gateways.close(graceMs),
    close: () => lifecycle.close(),
  };
  return container;
}

/** A timer that doesn't keep the process alive. */
function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}
