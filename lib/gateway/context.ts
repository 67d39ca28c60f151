import type { Duplex } from 'node:stream';
import type { ClearLog } from '../cache/clear-log.ts';
import type { Entry } from '../cache/entry.ts';
import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import type { GatewayEvent, RequestRecord } from '../contracts/control.ts';
import type { GatewaySettings } from '../contracts/gateway-settings.ts';
import type { HitForMiss } from '../dedup/hit-for-miss.ts';
import type { Fleet } from '../dedup/fleet.ts';
import type { SingleFlight } from '../dedup/single-flight.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Redactor } from '../kernel/redact.ts';
import type { KeyMeter } from '../metrics/key-counters.ts';
import type { Exchange } from './exchange.ts';
import type { GroupClears } from './group-clears.ts';
import type { HotCache } from './hot-cache.ts';
import type { FlightHead } from './judge.ts';
import type { Match } from './match.ts';
import type { PendingStore, Storing } from './storing.ts';
import type { ThirdLevel } from './third-level.ts';

/** What the steps of the pipeline share; one per worker. */
export interface GatewayContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes secrets out of what leaves the gateway. */
  readonly redactor: Redactor;
  readonly settings: GatewaySettings;
  /** The cache's name in Cache-Status. */
  readonly pseudonym: string;
  /** This instance's name in Via, by which it knows its own requests again. */
  readonly instanceName: string;
  readonly l2: MemoryLevel;
  readonly l1: HotCache;
  /** Undefined where there is none. */
  readonly l3: ThirdLevel | undefined;
  /** Coalescing with other instances; undefined where there are none. */
  readonly fleet: Fleet | undefined;
  readonly clearLog: ClearLog;
  readonly groupClears: GroupClears;
  /** Which keys are asked for and missed most. */
  readonly keys: Pick<KeyMeter, 'asked' | 'missed'>;
  readonly flights: SingleFlight<FlightHead, Exchange>;
  /** What a flight's origin call was sent under. */
  readonly sent: WeakMap<object, Sent>;
  readonly hitForMiss: HitForMiss;
  readonly storing: Storing;
  /** Writes to L2 and L3. Resolves with whether L3 has it; never rejects. */
  store(entry: Entry, fence?: number): Promise<boolean>;
  /** Forgets an entry in L2 and L3, if it's still the one stored. */
  drop(entry: Entry): void;
  tell(event: GatewayEvent): void;
  match(host: string, method: string, path: string): Match | undefined;
  trusts(address: string): boolean;
  /** Whether who sent this in Pitwall-Explain may know how it's decided. */
  mayExplain(token: string | undefined): boolean;
  nextId(): string;
  /** Set while somebody wants a line per request: access log or tail. */
  readonly record: ((record: RequestRecord) => void) | undefined;
  draining: boolean;
  /** WebSockets under way. */
  readonly tunnels: Set<Duplex>;
  /** Requests refused before a route was known, by error code. */
  readonly refused: Map<string, number>;
}

/** When an origin call was sent, as far as clears are concerned. */
export interface Sent {
  /** The number that the clear log had reached; later where the call was sent again. */
  clearNumber: number;
  readonly pending: PendingStore | undefined;
}
