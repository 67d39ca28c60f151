import type { Explained, ExplainQuestion } from './explain.ts';
import type { BreakerState, Mode, MissReason, OriginCall, Result } from './traffic.ts';
import type { Config } from './policy.ts';

/** A histogram's non-empty buckets: bucket index, count, bucket index, count… (lib/metrics/histogram). */
export type SparseHistogram = readonly number[];

/** Counters since the worker started; they only grow. A smaller value than before means a restart. */
export interface RouteSnapshot {
  readonly route: string;
  /** Requests by how they were answered. Their sum is all requests of the route. */
  readonly results: Readonly<Record<Result, number>>;
  readonly reasons: Readonly<Partial<Record<MissReason, number>>>;
  readonly originCalls: Readonly<Record<OriginCall, number>>;
  /** 5xx sent to clients that came from the origin, and that the gateway made itself. */
  readonly originErrors: number;
  readonly gatewayErrors: number;
  /** Clients that left before the answer was complete. */
  readonly aborted: number;
  /** Responses by class of status, [1xx, 2xx, 3xx, 4xx, 5xx]. */
  readonly statuses: readonly number[];
  readonly bytesSent: number;
  /** Body bytes answered without the origin. */
  readonly bytesSaved: number;
  /** Time spent waiting for and reading from the origin, ms; event streams only until their head. */
  readonly originMs: number;
  /** In mode observe: requests that mode cache would have answered without an origin call. */
  readonly wouldHave: number;
  /** All requests in mode observe: what `wouldHave` is a share of. */
  readonly observed: number;
  /** Time to first byte in ms; streams left out. */
  readonly hitLatency: SparseHistogram;
  readonly missLatency: SparseHistogram;
  /** What its policy ignores; non-empty = "Unsafe". */
  readonly unsafe: readonly string[];
}

export interface TargetSnapshot {
  readonly url: string;
  readonly breaker: BreakerState;
  /** Wall ms since when. An outage begins when the breaker opens: trials that fail are part of it. */
  readonly since: number;
  /** Of an outage: wall ms of the last trial; undefined before the first. */
  readonly triedAt: number | undefined;
  readonly lastFailure: string | undefined;
}

export interface ServiceSnapshot {
  readonly service: string;
  readonly sample: boolean;
  readonly mode: Mode;
  readonly modeReason: string | undefined;
  /** Wall ms at which the mode returns to the configured one. */
  readonly modeUntil: number | undefined;
  readonly targets: readonly TargetSnapshot[];
  readonly routes: readonly RouteSnapshot[];
}

export interface LevelSnapshot {
  readonly level: 'l1' | 'l2' | 'l3';
  readonly state: 'ok' | 'off' | 'degraded';
  /** What it is made of. */
  readonly kind: 'memory' | 'disk' | 'redis';
  /** Why it's degraded, a whole sentence with its full stop; undefined while it's ok. */
  readonly why: string | undefined;
  readonly entries: number;
  readonly bytes: number;
  readonly budgetBytes: number;
  readonly evictions: number;
  /** Time to ask it, hits and misses, in ms; empty for L1 and L2. */
  readonly latency: SparseHistogram;
  /** Entries that weren't written because it was full, slow or away. */
  readonly dropped: number;
  /** Encrypted entries that were found and didn't open; only of L3, and of workers that encrypt. */
  readonly unreadable?: number;
}

/** How far a gateway has followed the clear log. */
export interface ClearsSnapshot {
  /** Number up to which every clear takes effect here. */
  readonly number: number;
  /** confirmed: the log was read within its bound. unconfirmed: it can't be reached, clears may be missing. */
  readonly state: 'confirmed' | 'unconfirmed';
  /** ms since the log was last read. */
  readonly age: number;
  /** Times that records were folded into a clear of their service since the start: the log is too small. */
  readonly folded: number;
}

/**
 * A key and how often it was counted; `error` is the most that the count may be too high. A very long key is its start
 * and a digest (lib/metrics/bounded-key).
 */
export interface KeyCount {
  readonly key: string;
  readonly service: string;
  readonly route: string;
  readonly count: number;
  readonly error: number;
  /** Of `count`, by reason; of the keys that were missed. */
  readonly reasons: Readonly<Partial<Record<MissReason, number>>>;
}

/** The most asked and the most missed keys of the last hours, from bounded sketches. */
export interface KeyCounters {
  /** Wall ms of the oldest hour counted. */
  readonly from: number;
  readonly asked: readonly KeyCount[];
  readonly missed: readonly KeyCount[];
  /** The most that a key which isn't in the list was counted: what lists are merged by. */
  readonly unlisted: { readonly asked: number; readonly missed: number };
}

export interface GatewaySnapshot {
  readonly instance: string;
  readonly worker: number;
  /** Wall ms. */
  readonly at: number;
  readonly startedAt: number;
  /** Where it listens. */
  readonly url: string;
  readonly services: readonly ServiceSnapshot[];
  readonly levels: readonly LevelSnapshot[];
  /** Requests refused before a route was known, by error code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly inFlight: number;
  /** How late the loop was over the last whole second, ms. */
  readonly eventLoop: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Share of the time that the loop was busy over the last whole second, 0 to 1. */
  readonly utilisation: number;
  readonly memory: { readonly heapUsed: number; readonly external: number };
  readonly clears: ClearsSnapshot;
  /** Clears that origins' answers asked for here, by service; absent of workers from before an upgrade. */
  readonly groupClears?: Readonly<Record<string, number>>;
  /** Only where the question asked for them. */
  readonly keys?: KeyCounters;
  /** Only where the question asked for it. */
  readonly explained?: Explained;
}

/** What a snapshot has in it beside what it always has. */
export interface SnapshotWants {
  /** `top`: how many keys of each list; `hours`: of how many last hours. */
  readonly keys?: { readonly top: number; readonly hours: number };
  /** What would become of a request. */
  readonly explain?: ExplainQuestion;
}

/** One line of the access log, of the tail and of "Live requests". */
export interface RequestRecord {
  /** Wall ms at which the request ended. */
  readonly at: number;
  readonly id: string;
  readonly client: string;
  readonly service: string;
  readonly route: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly result: Result;
  readonly reason: MissReason | undefined;
  readonly bytes: number;
  /** Until the answer was complete, ms. */
  readonly ms: number;
  readonly aborted: boolean;
}

export type GatewayCommand =
  | {
      readonly type: 'set-mode';
      readonly service: string;
      readonly mode: Mode;
      readonly reason: string;
      readonly until: number | undefined;
    }
  | { readonly type: 'configure'; readonly config: Config }
  | {
      readonly type: 'hold-breaker';
      readonly service: string;
      readonly target: string;
      readonly hold: 'open' | 'closed' | 'release';
    }
  | { readonly type: 'reopen-log' }
  /** Resolves when every clear up to `number` takes effect. */
  | { readonly type: 'follow-clears'; readonly number: number }
  /** Forgets what is stored for a URL: another worker saw it change (RFC 9111 section 4.4). */
  | { readonly type: 'forget'; readonly key: string; readonly url: string }
  | { readonly type: 'drain'; readonly graceMs: number };

export type GatewayEvent =
  | {
      readonly type: 'breaker';
      readonly service: string;
      readonly target: string;
      readonly from: BreakerState;
      readonly to: BreakerState;
      readonly at: number;
      /** Since when it is in this state, or this outage lasts, as a snapshot tells it. */
      readonly since: number;
      readonly why: string;
    }
  | {
      readonly type: 'mode';
      readonly service: string;
      readonly from: Mode;
      readonly to: Mode;
      readonly at: number;
      readonly why: string;
    }
  | {
      readonly type: 'level';
      readonly level: 'l3';
      readonly from: LevelSnapshot['state'];
      readonly to: LevelSnapshot['state'];
      readonly at: number;
      readonly why: string;
    }
  /** Clears that an origin's answers asked for are in the clear log. */
  | {
      readonly type: 'groups-cleared';
      readonly service: string;
      /** `http://host:port`; null where all of the service was cleared. */
      readonly origin: string | null;
      /** The first of them; empty where all of the origin, or of the service, was cleared. */
      readonly groups: readonly string[];
      /** How many clears that were. */
      readonly clears: number;
      readonly at: number;
    }
  /** An unsafe request has changed what is behind a URL; other workers are to forget it. */
  | { readonly type: 'invalidated'; readonly key: string; readonly url: string }
  | { readonly type: 'requests'; readonly records: readonly RequestRecord[]; readonly dropped: number };

export type GatewayTopic = GatewayEvent['type'];

/**
 * The console's only way to a gateway, never by reference: over a MessagePort or over Redis.
 * Every implementation passes tests/suites/gateway-control.ts.
 */
export interface GatewayControl {
  /** Rejects with `gateway_unavailable` after the port's deadline. */
  snapshot(wants?: SnapshotWants): Promise<GatewaySnapshot>;
  /** Resolves when it has taken effect; rejects with the reason why not. */
  command(command: GatewayCommand): Promise<void>;
  /** Returns the function that ends the subscription. 'requests' costs the gateway only while somebody listens. */
  subscribe(topic: GatewayTopic, listener: (event: GatewayEvent) => void): () => void;
}
