import type { Entry } from '../cache/entry.ts';
import type { Fleet, Turn } from '../dedup/fleet.ts';
import { isFresh } from '../http-cache/freshness.ts';
import { holdsAsked } from './asked-range.ts';
import type { OriginAttempt } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import { acceptedBy, mayHave } from './may-have.ts';
import type { OriginCallSink, OriginPlan } from './origin-call.ts';

/**
 * Sends a flight's origin call when it's this instance's turn (docs/decisions/0012-fleet-flights.md): at once with a lease, or
 * after another instance's call has landed and L3 has nothing that this flight could use.
 *
 * @param name what makes two flights of different instances the same
 */
export function sendWithFleet(
  context: GatewayContext,
  fleet: Fleet,
  plan: OriginPlan,
  name: string,
  sink: OriginCallSink,
): OriginAttempt {
  const leaving = new AbortController();
  let sent: OriginAttempt | undefined;

  async function proceed(): Promise<void> {
    const turn = await fleet.enter(name, leaving.signal);
    if (leaving.signal.aborted) {
      if (turn.kind === 'lead') turn.land('alone');
      return;
    }
    const entry = mayBeStored(turn) ? await stored(context, plan) : undefined;
    const lease = turn.kind === 'lead' ? turn : undefined;
    if (entry !== undefined || leaving.signal.aborted) lease?.land(entry === undefined ? 'alone' : 'stored');
    if (leaving.signal.aborted) return;
    if (entry !== undefined) sink.landed(entry);
    else sent = sink.send(lease);
  }

  proceed().catch((error: unknown) => sink.broke(error));
  return {
    cancel() {
      leaving.abort();
      sent?.cancel();
    },
    resume: () => sent?.resume(),
  };
}

/** Another instance has led; what it left may not have been told. */
function mayBeStored(turn: Turn): boolean {
  return turn.kind === 'landed' ? turn.landing === 'stored' : turn.kind === 'lead' && turn.waited;
}

/** What another instance's call has left in L3 for this flight, if it can be used as it is. */
async function stored(context: GatewayContext, { x, key, stale }: OriginPlan): Promise<Entry | undefined> {
  if (key === undefined) return undefined;
  const found = await context.l3?.load(key, acceptedBy(x));
  const now = context.clock.mono();
  return found?.find(
    (entry) =>
      (stale === undefined || entry.storedAt > stale.storedAt) &&
      mayHave(entry, x) &&
      holdsAsked(entry, x) &&
      isFresh(entry, now) &&
      context.clearLog.verdict(entry) === 'live',
  );
}
