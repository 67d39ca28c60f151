import type { ExplainStep } from '../contracts/explain.ts';
import { mayServeStale } from '../http-cache/freshness.ts';
import { timeText } from '../kernel/time-text.ts';
import type { BreakerStatus } from '../resilience/breaker.ts';
import type { Asked } from './exchange.ts';
import type { EntryScene } from './explain-entry.ts';
import type { Lookup } from './lookup.ts';
import type { Outcome } from './way.ts';

/** What becomes of a request once the breaker of its target is looked at, too. */
export type Ending = Outcome | 'breaker-open';

/** What the breaker makes of an outcome. */
export interface BreakerLook {
  readonly ending: Ending;
  /** The breaker keeps it from the origin. */
  readonly keptBack: boolean;
  /** Empty where the breaker is closed, or not asked. */
  readonly steps: readonly ExplainStep[];
}

type Clock = EntryScene['clock'];

/**
 * Looks at the breaker of a request's target, and never moves it.
 *
 * @param found undefined where the request has no key
 * @param joins a call under way answers it, which the breaker has let through
 */
export function lookAtBreaker(
  clock: Clock,
  x: Asked,
  outcome: Outcome,
  found: Lookup | undefined,
  joins: boolean,
): BreakerLook {
  const { breaker } = x.route.service.origin;
  if (joins || outcome === 'hit' || outcome === 'only-if-cached' || breaker.state.kind === 'closed')
    return { ending: outcome, keptBack: false, steps: [] };
  const steps = [breakerStep(clock, x)];
  if (breaker.wouldAdmit) return { ending: outcome, keptBack: false, steps };
  const answers = outcome === 'stale' || standsIn(outcome, found, clock.mono());
  return { ending: answers ? 'stale' : 'breaker-open', keptBack: true, steps };
}

/** What would be confirmed or fetched anew answers where the origin fails, as far as its grace allows. */
function standsIn(outcome: Outcome, found: Lookup | undefined, now: number): boolean {
  if (found?.kind !== 'revalidate' || (outcome !== 'revalidate' && outcome !== 'fetch')) return false;
  return mayServeStale(found.entry, now, 'error');
}

/** The state of the breaker, since when, and when it tries the origin next. */
export function breakerStep(clock: Clock, x: Asked): ExplainStep {
  const { origin } = x.route.service;
  const { state, wouldAdmit, lastFailure } = origin.breaker;
  const { since, url } = origin.snapshot();
  const stands = `${state.kind.replace('held-', 'held ')} since ${new Date(since).toISOString()}`;
  return {
    step: 'breaker',
    says: `The breaker of ${new URL(url).origin} is ${stands}: ${meaning(state, wouldAdmit, clock.mono())}`,
    because: { text: reason(state, lastFailure), source: 'breaker' },
    numbers: {
      sinceAt: Math.round(since),
      ...(state.kind === 'open' && { nextTryAt: Math.round(clock.wall() + state.until - clock.mono()) }),
    },
  };
}

function meaning(state: BreakerStatus, wouldAdmit: boolean, now: number): string {
  if (state.kind === 'held-closed') return 'it lets everything through.';
  if (state.kind === 'held-open') return 'it lets nothing through until it is released.';
  if (wouldAdmit) return 'this request would be a probe of the origin.';
  return state.kind === 'open'
    ? `it lets nothing through, and tries the origin again in ${timeText(state.until - now)}.`
    : 'it waits for its probes, and lets nothing else through.';
}

function reason(state: BreakerStatus, lastFailure: string | undefined): string {
  if (state.kind === 'open') return state.why;
  if (state.kind !== 'half-open') return 'held by a person';
  return lastFailure === undefined ? 'released by a person' : `last failure: ${lastFailure}`;
}
