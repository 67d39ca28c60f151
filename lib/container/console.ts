// Over 300 lines: the one place where the parts of the console meet.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Server as SocketServer } from 'socket.io';
import type { Authenticator } from '../auth/authenticator.ts';
import { createSingleSignOn } from '../auth/single-sign-on.ts';
import type { Environment } from '../config/environment.ts';
import { OVERVIEW_CHANGES } from '../contracts/changes.ts';
import type { GatewaySnapshot, SnapshotWants } from '../contracts/control.ts';
import type {
  LiveOverview,
  LiveTick,
  ModeAnswer,
  Overview,
  OverviewTick,
  ServiceState,
  SetMode,
  Watch,
  WindowWatch,
} from '../contracts/overview.ts';
import { runningConfigSchema, type RunningConfig } from '../contracts/running.ts';
import { createMemo, type Memo } from '../dedup/memo.ts';
import { isLoopback } from '../kernel/loopback.ts';
import { PitwallError } from '../kernel/errors.ts';
import { after } from '../kernel/timer.ts';
import { createChangeLog, type ChangeLog } from '../live/changes.ts';
import { createLiveHub, type LiveHub } from '../live/hub.ts';
import { createSampler } from '../live/sampler.ts';
import { createSeries, type SeriesOverview } from '../live/series.ts';
import { serviceStates } from '../live/service-states.ts';
import type { Database } from '../storage/database/open.ts';
import { createChangeFeed } from './change-feed.ts';
import { clearRunners, createClears, type Clears } from './clears.ts';
import { createAccess, type Access } from './access.ts';
import { SNAPSHOT_DEADLINE_MS, type ContainerOptions, type Core, type CoreParts } from './core.ts';
import { inviteFirst, isReachable } from './first-account.ts';
import { createConfigRecorder } from './config-recorder.ts';
import { createConfigVersions, type ConfigVerbs } from './config-versions.ts';
import { createExplanations, type Explanations } from './explanations.ts';
import { createJobService, type JobService } from './job-service.ts';
import { keepJournal, type JournalVerbs } from './journal.ts';
import { createHandover } from './handover.ts';
import { createKeyLists, type KeyLists } from './key-lists.ts';
import { missed } from './missed.ts';
import { createLateConfirmations } from './late-confirmations.ts';
import { createPerformance, type Performance } from './performance.ts';
import { createOnboarding, type OnboardingVerbs } from './onboarding.ts';
import { createSampleStories, type SampleStories } from './sample-stories.ts';

type SampleTraffic = OverviewTick['sampleTraffic'];

/** Everything that the console's pages, API and sockets stand on. */
export interface Container extends Core, KeyLists, Explanations, SampleStories, OnboardingVerbs, ConfigVerbs {
  /** Answers of the console's own API, by question. */
  readonly answers: Memo<string>;
  readonly access: Access;
  readonly journal: JournalVerbs;
  readonly jobs: JobService;
  readonly clears: Clears;
  readonly changes: ChangeLog;
  /** Of this process's gateway; in a console alone that of another. Rejects with `gateway_unavailable`. */
  runningConfig(): Promise<RunningConfig>;
  /** Throws `not_found` for a service or route that isn't configured. */
  overview(watch: Watch): Promise<LiveOverview>;
  /** The same for a fixed window of the past; its `range` is null. Rejects with `not_found`. */
  overviewWindow(watch: WindowWatch): Promise<Overview>;
  readonly performance: Performance;
  tick(watch: Watch): LiveTick;
  health(): OverviewTick['health'];
  /** As the gateways say now. Rejects with `gateway_unavailable` when none does. */
  services(): Promise<ServiceState[]>;
  /**
   * Resolves when every instance that answers has switched, and says which don't: they switch when they are back.
   * Rejects with `not_found`, or with `gateway_unavailable` when none has switched.
   */
  setMode(service: string, change: SetMode): Promise<ModeAnswer>;
  /** Opens the live namespace on `io` and feeds it once a second. */
  goLive(io: SocketServer): void;
}

/** How long runners of jobs get to stop at the end; what doesn't is queued for the next start, ms. */
const JOBS_GRACE_MS = 2_000;

export interface ConsoleOptions extends Pick<ContainerOptions, 'consoleUrl' | 'onAccessChanged'> {
  readonly database: Database;
  readonly authenticator: Authenticator;
  /** What the journal's key is made of. */
  readonly secret: string;
}

/** The console's part of a process. */
export async function openConsole(
  environment: Environment,
  parts: CoreParts,
  { database, authenticator, consoleUrl, secret, onAccessChanged = () => undefined }: ConsoleOptions,
): Promise<Container> {
  const { core, fleet, remote, gateway, clock, redactor, lifecycle, instance } = parts;
  const { logger } = core;
  let hub: LiveHub | undefined;

  // A file is this process's alone; on a server the name has to be, and to outlive a restart.
  const owner = database.shared ? (environment.instance ?? `${hostname()}-${environment.port}`) : 'local';
  const keptJournal = keepJournal({
    database,
    secret,
    instance: owner,
    dataDir: environment.dataDir,
    keepDays: environment.journalDays,
    redactor,
    clock,
    after,
    logger,
  });
  lifecycle.own('journal', () => keptJournal.close());
  const { journal } = keptJournal;

  const jobs = createJobService({
    runners: clearRunners(fleet),
    repository: database.jobs,
    concurrency: environment.maxConcurrentTests,
    owner,
    clock,
    logger,
  });
  lifecycle.own('jobs', () => jobs.close(JOBS_GRACE_MS));
  void jobs.open();

  const gatewayUrl = (): string => core.gatewayUrl ?? fleet.others().find(({ url }) => url !== undefined)?.url ?? '';
  const series = createSeries({ clock, gatewayUrl, instance: gateway && instance, expected: () => fleet.expected() });
  const late = createLateConfirmations({ jobs, clock });
  const changes = createChangeLog();
  const feed = createChangeFeed({
    log: changes,
    fleet,
    running: gateway?.running,
    jobs,
    version: core.version,
    instance,
    clock,
  });
  lifecycle.own('changes', () => feed.close());
  keptJournal.follow(changes.events, gateway && instance);
  const sampler = createSampler({
    async snapshots(deadlineMs) {
      const snapshots = await fleet.snapshots(deadlineMs);
      late.see(snapshots);
      return snapshots;
    },
    series,
    clock,
    logger,
    onTick() {
      feed.look(series.instances(), sampleTraffic());
      hub?.pulse();
      gateway?.sample?.traffic.watchers(hub?.watchers() ?? 0);
    },
  });
  lifecycle.own('sampler', () => sampler.close());

  /** The sample may give way to a real service while the process runs. */
  const environmentName = (): string =>
    environment.name ?? (sampleTraffic() !== 'off' ? 'SAMPLE' : isLoopback(environment.host) ? 'local' : 'unnamed');

  const sample = gateway?.sample;
  const others = (): boolean => fleet.others().some(({ alive }) => alive);
  const handover = createHandover({
    gateway,
    sample,
    gatewayUrl: core.gatewayUrl ?? '',
    onTake: () => outages.forget(),
    onTurn(at) {
      series.startAnew();
      changes.startAnew(at);
    },
    clock,
  });
  const { trials, ...onboarding } = createOnboarding({
    gateway,
    sample,
    gatewayUrl: core.gatewayUrl ?? '',
    console: { host: environment.host, port: environment.port },
    cacheTtl: environment.cacheTtl,
    others,
    handover,
    clock,
    after,
  });
  lifecycle.own('trial of a service', () => trials.close());
  const recorder =
    gateway &&
    createConfigRecorder({
      running: gateway.running,
      folder: resolve(environment.dataDir),
      cacheTtl: environment.cacheTtl,
      texts: database.configTexts,
      journal: keptJournal,
      clock,
      after,
      logger,
    });
  lifecycle.own('versions of the configuration', () => recorder?.close());
  const configVerbs = createConfigVersions({
    environment,
    gateway,
    recorder,
    handover,
    trials,
    others,
    texts: database.configTexts,
    journal: keptJournal,
  });
  const { outages, ...stories } = createSampleStories({
    gateway,
    sample,
    gatewayUrl: core.gatewayUrl ?? '',
    fronted: () => handover.fronted(),
    clock,
    after,
  });
  lifecycle.own('outage of the sample', () => outages.forget());

  const sampleTraffic = (): SampleTraffic =>
    sample !== undefined && handover.fronted() ? sample.traffic.state() : 'off';

  /** Of this process, else of the first instance that has one. */
  function configError(): string | null {
    const own = gateway?.running.error() ?? null;
    if (own !== null) return own;
    const other = fleet.others().find((candidate) => candidate.alive && candidate.configError !== null);
    return other === undefined ? null : `${other.instance}: ${other.configError ?? ''}`;
  }

  /** @throws PitwallError for what isn't served, here or anywhere */
  function known(service: string, route?: string): void {
    const here = gateway?.running.config().services.find(({ name }) => name === service);
    if (service !== 'all' && here === undefined && !series.serves(service)) {
      throw new PitwallError('not_found', `There is no service named ${JSON.stringify(service)}.`);
    }
    if (route === undefined || series.serves(service, route)) return;
    if (service === 'all') throw new PitwallError('validation_failed', 'A route is looked at within its service.');
    if (here?.routes.some(({ name }) => name === route)) return;
    throw new PitwallError('not_found', `The service ${service} has no route ${JSON.stringify(route)}.`);
  }

  const rest = () => ({ sampleTraffic: sampleTraffic(), configError: configError() });

  function complete<T extends SeriesOverview>(
    overview: T,
  ): T & Pick<Overview, 'sampleTraffic' | 'configError' | 'changes' | 'environment'> {
    const { service, range, from, to } = overview;
    // The step under way ends after now.
    const within = range === null ? { from, to } : { from };
    return {
      ...overview,
      ...rest(),
      environment: environmentName(),
      changes: changes.list({ service, ...within, limit: OVERVIEW_CHANGES }).changes,
    };
  }

  function prepare({ service, route, range }: Watch): Promise<void> | undefined {
    known(service, route);
    return series.prepare(service, range, route);
  }

  function overviewNow({ service, route, range }: Watch): LiveOverview {
    known(service, route);
    return complete(series.overview(service, range, route));
  }

  async function answering(wants?: SnapshotWants): Promise<GatewaySnapshot[]> {
    const snapshots = await fleet.snapshots(SNAPSHOT_DEADLINE_MS, wants);
    if (snapshots.length > 0) return snapshots;
    throw new PitwallError('gateway_unavailable', 'No gateway worker answers at the moment.', { retryAfter: 1 });
  }

  async function stateOf(service: string): Promise<ServiceState> {
    const state = serviceStates(await answering()).find((candidate) => candidate.service === service);
    if (state !== undefined) return state;
    throw new PitwallError('not_found', `There is no service named ${JSON.stringify(service)}.`);
  }

  const redis = parts.redis && { client: parts.redis.commands, prefix: environment.redisPrefix };
  const { oidc } = environment;
  const redirectUrl = `${consoleUrl}/login`;
  const singleSignOn = oidc && { ...oidc, ...createSingleSignOn({ ...oidc, redirectUrl, secret, clock, logger }) };
  const onChanged = onAccessChanged;
  const access = createAccess({ database, authenticator, journal, singleSignOn, consoleUrl, redis, onChanged });
  const reachable = isReachable(environment);
  void inviteFirst({ ...database, journal, admin: environment.admin, reachable, consoleUrl, after, logger });

  const clears = createClears({ source: parts.clears, redactor, jobs });
  const keyLists = createKeyLists(answering);
  const container: Container = {
    ...core,
    ...keyLists,
    ...createExplanations(answering),
    performance: createPerformance({
      ...keyLists,
      overview: (watch) => container.overview(watch),
      overviewWindow: (watch) => container.overviewWindow(watch),
    }),
    ...stories,
    ...onboarding,
    ...configVerbs,
    access,
    journal: keptJournal,
    answers: createMemo<string>({ ttlMs: 30_000, maxEntries: 1_000, clock }),
    jobs,
    changes,
    clears: {
      ...clears,
      async clear(scope, mode) {
        if ('service' in scope && scope.service !== undefined) known(scope.service);
        return clears.clear(scope, mode);
      },
    },
    async runningConfig() {
      if (gateway !== undefined) return gateway.describe();
      const other = fleet.others().find(({ alive }) => alive);
      if (other === undefined || remote === undefined) {
        throw new PitwallError('gateway_unavailable', 'No gateway runs at the moment.', { retryAfter: 1 });
      }
      return runningConfigSchema.parse(await remote.describe(other.instance));
    },
    async overview(watch) {
      await prepare(watch);
      return overviewNow(watch);
    },
    async overviewWindow({ service, route, from, to }) {
      known(service, route);
      return complete(await series.window(service, from, to, route));
    },
    tick({ service, route, range }) {
      known(service, route);
      return { ...series.tick(service, range, route), ...rest() };
    },
    health: () => series.tick('all', '1m').health,
    services: async () => serviceStates(await answering()),
    async setMode(service, { mode, reason, forMs }) {
      known(service);
      const until = forMs === undefined ? undefined : clock.wall() + forMs;
      const unreached = missed(await fleet.command({ type: 'set-mode', service, mode, reason, until }));
      logger.info(`Mode of ${service} is now ${mode}: ${reason}`, { service, mode, until, unreached });
      return { ...(await stateOf(service)), unreached };
    },
    goLive(io) {
      hub = createLiveHub({
        io,
        prepare,
        overview: overviewNow,
        tick: (watch) => container.tick(watch),
        subscribeRequests: (listener) => fleet.subscribe('requests', listener),
        changes: changes.events,
        clock,
        after,
      });
      if (core.gatewayUrl !== undefined) gateway?.sample?.traffic.start(core.gatewayUrl);
    },
  };
  return container;
}
