import type { Duplex } from 'node:stream';
import type { ClearLog } from '../cache/clear-log.ts';
import type { Entry } from '../cache/entry.ts';
import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import type { GatewaySettings } from '../contracts/policy.ts';
import type { RequestRecord } from '../contracts/control.ts';
import type { HitForMiss } from '../dedup/hit-for-miss.ts';
import type { SingleFlight } from '../dedup/single-flight.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Exchange } from './exchange.ts';
import type { HotCache } from './hot-cache.ts';
import type { FlightHead } from './judge.ts';
import type { Match } from './match.ts';
import type { Storing } from './storing.ts';

/** What the steps of the pipeline share; one per worker. */
export interface GatewayContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: GatewaySettings;
  /** The cache's name in Cache-Status. */
  readonly pseudonym: string;
  /** This instance's name in Via, by which it knows its own requests again. */
  readonly instanceName: string;
  readonly l2: MemoryLevel;
  readonly l1: HotCache;
  readonly clearLog: ClearLog;
  readonly flights: SingleFlight<FlightHead, Exchange>;
  /** The clear log's number at which a flight's origin call was sent. */
  readonly sentAt: WeakMap<object, number>;
  readonly hitForMiss: HitForMiss;
  readonly storing: Storing;
  /** Writes to L2, and notes what an unsafe method has to clear. */
  store(entry: Entry): void;
  match(host: string, method: string, path: string): Match | undefined;
  trusts(address: string): boolean;
  nextId(): string;
  /** Set while somebody wants a line per request: access log or tail. */
  readonly record: ((record: RequestRecord) => void) | undefined;
  draining: boolean;
  /** WebSockets under way. */
  readonly tunnels: Set<Duplex>;
  /** Requests refused before a route was known, by error code. */
  readonly refused: Map<string, number>;
}
