import type { Change } from '../contracts/changes.ts';
import type { InstanceState, OverviewTick } from '../contracts/overview.ts';
import type { RegisteredInstance } from '../gateway/control-registry.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ChangeLog } from '../live/changes.ts';
import { createGatewayMoves } from '../live/gateway-moves.ts';
import { createInstanceMoves } from '../live/instance-moves.ts';
import { changeOfJob } from '../live/job-change.ts';
import { differenceOf } from './config-difference.ts';
import type { RunningConfiguration } from './configuration.ts';
import type { Fleet } from './fleet.ts';
import { jobOf, type JobService } from './job-service.ts';

type SampleTraffic = OverviewTick['sampleTraffic'];

export interface ChangeFeedOptions {
  readonly log: ChangeLog;
  readonly fleet: Pick<Fleet, 'subscribe' | 'others'>;
  /** Of this process; undefined in a console alone. */
  readonly running: Pick<RunningConfiguration, 'events'> | undefined;
  readonly jobs: Pick<JobService, 'events'>;
  readonly version: string;
  readonly instance: string;
  readonly clock: Clock;
}

/** Writes down what changes anywhere in the fleet. */
export interface ChangeFeed {
  /** Once a second: what nobody tells, and has to be compared. */
  look(instances: readonly InstanceState[], sampleTraffic: SampleTraffic): void;
  close(): void;
}

const SAMPLE: Readonly<Record<SampleTraffic, readonly [title: string, detail: string | null]>> = {
  off: ['Sample traffic ended', null],
  running: ['Sample traffic started', null],
  stopped: ['Sample traffic stopped', null],
  idle: ['Sample traffic stopped', 'Nobody watched it for 10 minutes.'],
};

const REFUSED = { kind: 'config', tone: 'bad', title: 'Configuration refused' } as const;
const TAKEN = { kind: 'config', tone: 'neutral', title: 'Configuration taken' } as const;

export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const { log, fleet, running, jobs, version, instance, clock } = options;
  const newId = (): string => crypto.randomUUID();
  const put = (change: Change): void => log.put(change);
  const say = (change: Pick<Change, 'kind' | 'tone' | 'title'> & Partial<Change>): void =>
    put({ id: newId(), at: clock.wall(), service: null, detail: null, instance: null, jobId: null, ...change });

  const moves = createGatewayMoves({ put, newId });
  const instanceMoves = createInstanceMoves({ put, newId });
  let traffic: SampleTraffic | undefined;
  /** Why the other instances refused their newest configuration. */
  let refusals: ReadonlyMap<string, string | null> = new Map();

  say({
    kind: 'instance',
    tone: 'neutral',
    title: 'Pitwall started',
    detail: `Version ${version}. What changed before isn’t kept.`,
    instance,
  });

  const ends = [
    ...(['breaker', 'mode', 'level', 'groups-cleared'] as const).map((topic) =>
      fleet.subscribe(topic, (event, from) => moves.tell(event, from)),
    ),
    jobs.events.on(({ job }) => {
      const change = changeOfJob(jobOf(job));
      if (change !== undefined) put(change);
    }),
    running?.events.on((event) => {
      if (event.type === 'refused') {
        say({ ...REFUSED, detail: event.why, instance });
      } else {
        const { words, service } = differenceOf(event.before, event.config);
        say({ ...TAKEN, service, detail: words, instance });
      }
    }),
  ];

  function lookAtOthers(others: readonly RegisteredInstance[]): void {
    for (const { instance: other, configError } of others) {
      const before = refusals.get(other);
      if (before === undefined || before === configError) continue;
      if (configError === null) say({ ...TAKEN, instance: other });
      else say({ ...REFUSED, detail: configError, instance: other });
    }
    refusals = new Map(others.map((other) => [other.instance, other.configError]));
  }

  return {
    look(instances, sampleTraffic) {
      instanceMoves.look(instances, clock.wall());
      lookAtOthers(fleet.others());
      if (traffic !== undefined && traffic !== sampleTraffic) {
        const [title, detail] = SAMPLE[sampleTraffic];
        say({ kind: 'sample', tone: 'neutral', title, detail });
      }
      traffic = sampleTraffic;
    },
    close() {
      for (const end of ends) end?.();
    },
  };
}
