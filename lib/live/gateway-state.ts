import type { GatewaySnapshot } from '../contracts/control.ts';
import type { OverviewTick } from '../contracts/overview.ts';

/** All workers together; the worst event loop speaks for them. */
export function gatewayState(
  latest: readonly GatewaySnapshot[],
  url: string,
  workers: number,
): OverviewTick['gateway'] {
  const sum = (of: (snapshot: GatewaySnapshot) => number): number =>
    latest.reduce((total, snapshot) => total + of(snapshot), 0);
  return {
    url,
    workers,
    connections: sum(({ connections }) => connections),
    inFlight: sum(({ inFlight }) => inFlight),
    eventLoopP99Ms: latest.reduce((worst, { eventLoop }) => Math.max(worst, eventLoop.p99), 0),
  };
}
