import { Pool } from 'undici';
import type { Service, Target } from '../contracts/policy.ts';
import type { BreakerState } from '../contracts/traffic.ts';
import type { TargetSnapshot } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import { createBreaker, type Breaker } from '../resilience/breaker.ts';
import { OriginSlots } from './origin-slots.ts';
import { createRetryBudget, type RetryBudget } from '../resilience/retry-budget.ts';

/** A service's target with what protects it: a bounded pool of sockets, a breaker, a budget of retries. */
export interface Origin {
  readonly target: Target;
  /** Host header for `rewrite`. */
  readonly authority: string;
  /** Path prefix of the target's URL, without a trailing slash. */
  readonly prefix: string;
  readonly pool: Pool;
  readonly breaker: Breaker;
  readonly retries: RetryBudget;
  readonly slots: OriginSlots;
  snapshot(): TargetSnapshot;
  /** Takes no more calls; ends its sockets when those under way are done. */
  retire(): void;
  close(): Promise<void>;
}

export interface OriginDeps {
  readonly clock: Clock;
  readonly random: () => number;
  /** @param change with its time, and since when the breaker is in this state or outage: wall ms */
  onBreaker(change: {
    from: BreakerState;
    to: BreakerState;
    why: string;
    target: string;
    at: number;
    since: number;
  }): void;
}

/** Calls that may wait for a slot, per slot of the target, before more are refused. */
const QUEUE_PER_CONNECTION = 16;
/** Response headers that we accept of an origin, bytes. */
const MAX_HEADER_BYTES = 65_536;

/** Opens no socket until the first call. */
export function createOrigin(service: Service, deps: OriginDeps): Origin {
  const target = service.targets[0] as Target;
  const url = new URL(target.url);
  const policy = (service.routes.at(-1) as Service['routes'][number]).policy;
  let since = deps.clock.wall();
  let triedAt: number | undefined;
  const breaker = createBreaker(service.breaker, {
    clock: deps.clock,
    random: deps.random,
    onChange({ from, to, why }) {
      const at = deps.clock.wall();
      if (from === 'open' && to === 'half-open') triedAt = at;
      else if (from !== 'half-open' || to !== 'open' || triedAt === undefined) {
        since = at;
        triedAt = undefined;
      }
      deps.onBreaker({ from, to, why, target: target.url, at, since });
    },
  });
  const pool = new Pool(url.origin, {
    // As many again for event streams; `slots` has the bounds.
    connections: target.connections * 2,
    pipelining: 1,
    allowH2: false,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: 4_000,
    connect: {
      timeout: policy.timeouts.connect,
      ...(target.ca !== undefined && { ca: target.ca }),
      ...(target.serverName !== undefined && { servername: target.serverName }),
    },
  });

  return {
    target,
    authority: url.host,
    prefix: url.pathname.replace(/\/$/, ''),
    pool,
    breaker,
    retries: createRetryBudget({ clock: deps.clock }),
    slots: new OriginSlots(target.connections, target.connections * QUEUE_PER_CONNECTION),
    snapshot: () => ({
      url: target.url,
      breaker: breaker.state.kind,
      since,
      triedAt,
      lastFailure: breaker.lastFailure,
    }),
    retire: () => void pool.close(),
    close: () => pool.destroy(),
  };
}
