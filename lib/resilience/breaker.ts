import type { Clock } from '../kernel/clock.ts';
import { createFailureWindow, type FailureWindow } from './failure-window.ts';

/** When a breaker opens and how it comes back. Durations in ms. */
export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Share of failures in the window that opens it, 0 to 1; looked at when a call fails. */
  readonly ratio: number;
  /** Calls in the window before the share counts. */
  readonly minimumCalls: number;
  readonly window: number;
  /** First pause before a probe; doubles, ±20 %, up to `maxOpenFor`. */
  readonly openFor: number;
  readonly maxOpenFor: number;
  /** Most concurrent probes, and successful probes that close it. */
  readonly probes: number;
}

export type BreakerStatus =
  | { readonly kind: 'closed' }
  /** `until` in monotonic ms; `retryAfterMs` is what is left of the pause. Stays open until somebody asks after it. */
  | { readonly kind: 'open'; readonly until: number; readonly retryAfterMs: number; readonly why: string }
  | { readonly kind: 'half-open'; readonly probing: number; readonly succeeded: number }
  | { readonly kind: 'held-open' }
  | { readonly kind: 'held-closed' };

export interface BreakerChange {
  readonly from: BreakerStatus['kind'];
  readonly to: BreakerStatus['kind'];
  readonly why: string;
}

/** An admitted call. The first of the three methods counts, later ones are ignored. */
export interface BreakerCall {
  succeed(): void;
  /** @param retryAfterMs the origin's Retry-After; can lengthen the pause, within `maxOpenFor` */
  fail(why: string, retryAfterMs?: number): void;
  /** Neither good nor bad (the client left): a probe gives its place back. */
  cancel(): void;
}

export interface Breaker {
  readonly state: BreakerStatus;
  /** What the last failure that counted was. */
  readonly lastFailure: string | undefined;
  /** Whether `admit` would take a call now; looking moves nothing. */
  readonly wouldAdmit: boolean;
  /** Undefined = refuse the call. Every call admitted must be ended. */
  admit(): BreakerCall | undefined;
  /** A guess when a call may be admitted again, ms; 0 where it may now. */
  retryAfterMs(): number;
  /** A person takes over, or lets go: held open comes back through probes, held closed comes back closed. */
  hold(how: 'open' | 'closed' | 'release'): void;
}

export interface BreakerDeps {
  readonly clock: Clock;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
  /** Called after the change took effect. */
  onChange?(change: BreakerChange): void;
}

type Kind = BreakerStatus['kind'];

/** Grows by one with every change of state: a result counts only in the state in which its call was admitted. */
type Epoch = number;

class CircuitBreaker implements Breaker {
  lastFailure: string | undefined;
  readonly #limits: BreakerLimits;
  readonly #deps: BreakerDeps;
  readonly #window: FailureWindow;
  #kind: Kind = 'closed';
  #epoch: Epoch = 0;
  #inARow = 0;
  /** Openings since it was last closed. */
  #openings = 0;
  #until = 0;
  #why = '';
  /** Monotonic ms before which the origin asked us not to come back. */
  #advisedUntil = 0;
  #probing = 0;
  #succeeded = 0;

  constructor(limits: BreakerLimits, deps: BreakerDeps) {
    this.#limits = limits;
    this.#deps = deps;
    this.#window = createFailureWindow(limits.window, () => deps.clock.mono());
  }

  get state(): BreakerStatus {
    if (this.#kind === 'open') {
      return { kind: 'open', until: this.#until, retryAfterMs: this.retryAfterMs(), why: this.#why };
    }
    if (this.#kind === 'half-open') return { kind: 'half-open', probing: this.#probing, succeeded: this.#succeeded };
    return { kind: this.#kind };
  }

  get wouldAdmit(): boolean {
    if (this.#kind === 'open') return this.#deps.clock.mono() >= this.#until;
    if (this.#kind === 'half-open') return this.#probing < this.#limits.probes;
    return this.#kind !== 'held-open';
  }

  admit(): BreakerCall | undefined {
    if (this.#kind === 'closed' || this.#kind === 'held-closed') return new AdmittedCall(this, this.#epoch);
    if (this.#kind === 'held-open') return undefined;
    if (this.#kind === 'open') {
      if (this.#deps.clock.mono() < this.#until) return undefined;
      this.#change('half-open', 'the pause is over');
      return this.admit();
    }
    if (this.#probing >= this.#limits.probes) return undefined;
    this.#probing++;
    return new AdmittedCall(this, this.#epoch);
  }

  retryAfterMs(): number {
    if (this.#kind === 'open') return Math.max(0, this.#until - this.#deps.clock.mono());
    if (this.#kind === 'half-open') return this.#probing < this.#limits.probes ? 0 : this.#limits.openFor;
    return this.#kind === 'held-open' ? this.#limits.maxOpenFor : 0;
  }

  hold(how: 'open' | 'closed' | 'release'): void {
    if (how === 'release') {
      if (this.#kind === 'held-open') this.#change('half-open', 'released');
      else if (this.#kind === 'held-closed') this.#change('closed', 'released');
      return;
    }
    const kind = how === 'open' ? 'held-open' : 'held-closed';
    if (this.#kind !== kind) this.#change(kind, `held ${how} by a person`);
  }

  succeeded(epoch: Epoch): void {
    if (epoch !== this.#epoch) return;
    if (this.#kind === 'closed') {
      this.#inARow = 0;
      this.#advisedUntil = 0;
      this.#window.record(false);
    } else if (this.#kind === 'half-open') {
      this.#probing--;
      this.#succeeded++;
      if (this.#succeeded >= this.#limits.probes) this.#change('closed', `${this.#succeeded} probes succeeded`);
    }
  }

  failed(epoch: Epoch, why: string, retryAfterMs: number): void {
    if (epoch !== this.#epoch) return;
    this.lastFailure = why;
    if (this.#kind === 'held-closed') return;
    if (retryAfterMs > 0) this.#advisedUntil = Math.max(this.#advisedUntil, this.#deps.clock.mono() + retryAfterMs);
    if (this.#kind === 'half-open') return this.#open(`a probe failed: ${why}`);
    this.#inARow++;
    this.#window.record(true);
    const { calls, failures } = this.#window;
    if (this.#inARow >= this.#limits.failures) this.#open(`${this.#inARow} failures in a row, last: ${why}`);
    else if (calls >= this.#limits.minimumCalls && failures >= calls * this.#limits.ratio) {
      this.#open(`${failures} of ${calls} calls failed, last: ${why}`);
    }
  }

  cancelled(epoch: Epoch): void {
    if (epoch === this.#epoch && this.#kind === 'half-open') this.#probing--;
  }

  #open(why: string): void {
    const { openFor, maxOpenFor } = this.#limits;
    const now = this.#deps.clock.mono();
    const jitter = 0.8 + 0.4 * this.#deps.random();
    const pause = openFor * 2 ** Math.min(this.#openings, 30) * jitter;
    this.#until = now + Math.min(maxOpenFor, Math.max(pause, this.#advisedUntil - now));
    this.#openings++;
    this.#why = why;
    this.#change('open', why);
  }

  #change(to: Kind, why: string): void {
    const from = this.#kind;
    this.#kind = to;
    this.#epoch++;
    this.#inARow = 0;
    this.#advisedUntil = 0;
    this.#probing = 0;
    this.#succeeded = 0;
    this.#window.reset();
    if (to === 'closed') this.#openings = 0;
    this.#deps.onChange?.({ from, to, why });
  }
}

class AdmittedCall implements BreakerCall {
  readonly #breaker: CircuitBreaker;
  readonly #epoch: Epoch;
  #ended = false;

  constructor(breaker: CircuitBreaker, epoch: Epoch) {
    this.#breaker = breaker;
    this.#epoch = epoch;
  }

  succeed(): void {
    if (this.#end()) this.#breaker.succeeded(this.#epoch);
  }

  fail(why: string, retryAfterMs = 0): void {
    if (this.#end()) this.#breaker.failed(this.#epoch, why, retryAfterMs);
  }

  cancel(): void {
    if (this.#end()) this.#breaker.cancelled(this.#epoch);
  }

  #end(): boolean {
    if (this.#ended) return false;
    return (this.#ended = true);
  }
}

/** A breaker for one target. Time is monotonic; nothing runs on timers: the pause ends when somebody asks. */
export function createBreaker(settings: BreakerLimits, deps: BreakerDeps): Breaker {
  return new CircuitBreaker(settings, deps);
}
