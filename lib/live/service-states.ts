import type { GatewaySnapshot, TargetSnapshot } from '../contracts/control.ts';
import type { ServiceState } from '../contracts/overview.ts';

/** The later a state stands here, the more it matters: of several workers' breakers the worst is shown. */
const RANK = { closed: 0, 'held-closed': 1, 'half-open': 2, open: 3, 'held-open': 4 } as const;

/** The services as all workers together see them, in the first worker's order. */
export function serviceStates(snapshots: readonly GatewaySnapshot[]): ServiceState[] {
  const states = new Map<string, ServiceState>();
  for (const { services } of snapshots) {
    for (const { service, sample, mode, modeReason, modeUntil, targets } of services) {
      const known = states.get(service);
      states.set(service, {
        service,
        sample,
        mode: known?.mode ?? mode,
        modeReason: known === undefined ? (modeReason ?? null) : known.modeReason,
        modeUntil: known === undefined ? (modeUntil ?? null) : known.modeUntil,
        targets: targets.map((target) =>
          worse(
            known?.targets.find(({ url }) => url === target.url),
            target,
          ),
        ),
      });
    }
  }
  return [...states.values()];
}

/** Whether any worker serves this service, or this route of it. */
export function isServed(snapshots: readonly GatewaySnapshot[], name: string, route?: string): boolean {
  return snapshots
    .flatMap(({ services }) => services)
    .some(({ service, routes }) => service === name && (route === undefined || routes.some((r) => r.route === route)));
}

type TargetState = ServiceState['targets'][number];

/** An outage that several workers see began when the first of them did. */
function worse(known: TargetState | undefined, snapshot: TargetSnapshot): TargetState {
  const { url, breaker, since, triedAt = null, lastFailure = null } = snapshot;
  const target = { url, breaker, since, triedAt, lastFailure };
  if (known === undefined) return target;
  const worst = RANK[known.breaker] >= RANK[breaker] ? known : target;
  if (!isOutage(known) || !isOutage(target)) return worst;
  const tried = Math.max(known.triedAt ?? 0, triedAt ?? 0);
  return { ...worst, since: Math.min(known.since, since), triedAt: tried === 0 ? null : tried };
}

const isOutage = ({ breaker }: TargetState): boolean => breaker === 'open' || breaker === 'half-open';
