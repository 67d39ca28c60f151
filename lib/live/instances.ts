import type { GatewaySnapshot } from '../contracts/control.ts';
import type { InstanceState } from '../contracts/overview.ts';
import { RESULTS } from '../contracts/traffic.ts';
import { MISSING_MS, nameOfWorker, type Roster } from './roster.ts';

/** Seconds over which rates are taken. */
const RATE_SECONDS = 10;
/** Most workers that are shown; of more, those that are missing for longest go first. */
const MOST = 1_000;
const HITS = ['l1', 'l2', 'l3'] as const;

/** Every worker of the fleet that has answered, one by one; who is no longer expected goes with its last answer. */
export interface InstanceTable {
  /** Once a second: the readings of those that answered. @param mono monotonic ms; @param at wall ms */
  update(snapshots: readonly GatewaySnapshot[], mono: number, at: number): void;
  /** By instance and worker. */
  states(): InstanceState[];
}

interface Totals {
  readonly mono: number;
  readonly requests: number;
  readonly hits: number;
  readonly originCalls: number;
}

interface Known {
  readonly snapshot: GatewaySnapshot;
  /** When it last answered. */
  readonly mono: number;
  readonly at: number;
  /** Of this life of it, oldest first. */
  readonly totals: readonly Totals[];
}

/**
 * @param own name of the instance that this process is; undefined in a console alone
 * @param roster who is expected: those that don't answer are shown as missing
 */
export function createInstanceTable(own: string | undefined, roster: Pick<Roster, 'expects'>): InstanceTable {
  const workers = new Map<string, Known>();
  let now = 0;

  function update(snapshots: readonly GatewaySnapshot[], mono: number, at: number): void {
    now = mono;
    for (const snapshot of snapshots) {
      const name = nameOfWorker(snapshot.instance, snapshot.worker);
      const totals = totalsOf(snapshot, mono);
      const before = workers.get(name);
      const goesOn = before?.snapshot.startedAt === snapshot.startedAt && !shrank(totals, before.totals.at(-1));
      const past = goesOn ? before.totals.slice(-RATE_SECONDS) : [];
      workers.delete(name);
      workers.set(name, { snapshot, mono, at, totals: [...past, totals] });
    }
    // Those that answered longest ago come first.
    for (const [name, known] of workers) {
      if (known.mono === mono && workers.size <= MOST) break;
      if (!roster.expects(name) || workers.size > MOST) workers.delete(name);
    }
  }

  return {
    update,
    states: () =>
      [...workers.values()]
        .map((known) => stateOf(known, now - known.mono > MISSING_MS, own))
        .sort((a, b) => (a.instance === b.instance ? a.worker - b.worker : a.instance < b.instance ? -1 : 1)),
  };
}

function totalsOf({ services }: GatewaySnapshot, mono: number): Totals {
  let [requests, hits, originCalls] = [0, 0, 0];
  for (const { results, originCalls: calls } of services.flatMap(({ routes }) => routes)) {
    for (const result of RESULTS) requests += results[result];
    for (const level of HITS) hits += results[level];
    for (const count of Object.values(calls)) originCalls += count;
  }
  return { mono, requests, hits, originCalls };
}

/** A reload that takes a route away takes its counters with it. */
function shrank(now: Totals, before: Totals | undefined): boolean {
  return before !== undefined && (now.requests < before.requests || now.originCalls < before.originCalls);
}

function stateOf({ snapshot, at, totals }: Known, missing: boolean, own: string | undefined): InstanceState {
  const { instance, worker, levels, clears } = snapshot;
  return {
    instance,
    worker,
    state: missing ? 'missing' : 'ok',
    local: instance === own,
    url: snapshot.url,
    at,
    startedAt: snapshot.startedAt,
    ...(missing ? NO_RATES : rates(totals)),
    connections: snapshot.connections,
    eventLoopP99Ms: snapshot.eventLoop.p99,
    utilisation: snapshot.utilisation,
    heapBytes: snapshot.memory.heapUsed,
    levels: levels.map(({ level, state, kind, why, entries, bytes, budgetBytes }) => ({
      level,
      state,
      kind,
      why: why ?? null,
      entries,
      bytes,
      budgetBytes,
    })),
    clears: { number: clears.number, state: clears.state, ageMs: clears.age },
  };
}

const NO_RATES = { requestsPerSecond: null, originCallsPerSecond: null, hitRatio: null } as const;

function rates(totals: readonly Totals[]): Pick<InstanceState, keyof typeof NO_RATES> {
  const [first, last] = [totals[0], totals.at(-1)];
  if (first === undefined || last === undefined || first === last) return NO_RATES;
  const seconds = (last.mono - first.mono) / 1_000;
  const requests = last.requests - first.requests;
  return {
    requestsPerSecond: requests / seconds,
    originCallsPerSecond: (last.originCalls - first.originCalls) / seconds,
    hitRatio: requests > 0 ? (last.hits - first.hits) / requests : null,
  };
}
