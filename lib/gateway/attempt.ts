import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { OriginCall } from '../contracts/traffic.ts';
import { formatHttpDate, parseHttpDate } from '../http-cache/date.ts';
import { parseDeltaSeconds } from '../http-cache/delta-seconds.ts';
import { isEventStream } from '../http-cache/event-stream.ts';
import { header } from '../http-cache/header-list.ts';
import type { Clock } from '../kernel/clock.ts';
import { isPitwallError, PitwallError } from '../kernel/errors.ts';
import type { BreakerCall } from '../resilience/breaker.ts';
import { breakerOpen } from './breaker-open.ts';
import { originError } from './origin-error.ts';
import { originHeaders, reasonPhrase } from './origin-headers.ts';
import type { Caller } from './origin-slots.ts';
import type { Origin } from './origin.ts';
import type { RouteMeter } from './route-meter.ts';

/** What is asked of an origin. */
export interface OriginRequest {
  readonly method: string;
  /** Path and query, without the target's prefix. */
  readonly path: string;
  /** Flat, end-to-end, with Host. */
  readonly headers: string[];
  readonly body: Readable | Buffer | null;
  readonly headersTimeout: number;
  readonly idleTimeout: number;
  readonly call: OriginCall;
  readonly meter: RouteMeter;
}

export interface OriginHead {
  readonly status: number;
  readonly statusMessage: string;
  readonly headers: string[];
  /** Monotonic ms. */
  readonly requestedAt: number;
  readonly receivedAt: number;
}

/** Calls in this order: (onInfo)* (onHead (onData)* (onEnd | onFail) | onFail). Nothing after `cancel()`. */
export interface OriginSink {
  onInfo(status: number, headers: string[]): void;
  onHead(head: OriginHead): void;
  /** Returns false to pause until `resume()`. */
  onData(chunk: Buffer): boolean;
  onEnd(trailers: string[]): void;
  onFail(error: PitwallError): void;
}

export interface OriginAttempt {
  cancel(): void;
  resume(): void;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Steps "breaker" and "attempt": one origin call under its time-outs, at most one retry within the budget,
 * only before the first byte and only for what may be sent twice (RFC 9110 section 9.2.2).
 */
export function attempt(origin: Origin, request: OriginRequest, sink: OriginSink, clock: Clock): OriginAttempt {
  let current: Attempt | undefined;
  let cancelled = false;
  const retriable = request.body === null && IDEMPOTENT.has(request.method);

  const start = (call: OriginCall, mayRetry: boolean): void => {
    current = new Attempt(origin, { ...request, call }, sink, clock, (error) => {
      if (cancelled) return true;
      const again = mayRetry && error.code === 'origin_reset' && origin.retries.withdraw();
      if (again) start('retry', false);
      return again;
    });
    current.dispatch();
  };
  origin.retries.deposit();
  start(request.call, retriable);

  return {
    cancel() {
      cancelled = true;
      current?.cancel();
    },
    resume: () => current?.resume(),
  };
}

/** Interim responses to one call; more are a fault. */
const MAX_INTERIM = 32;

/** One call on the wire. `kind` of its life: waiting (no head yet) -> flowing -> done. */
class Attempt implements Dispatcher.DispatchHandler, Caller {
  readonly #origin: Origin;
  readonly #request: OriginRequest;
  readonly #sink: OriginSink;
  readonly #clock: Clock;
  readonly #failedEarly: (error: PitwallError) => boolean;
  #breakerCall: BreakerCall | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #phase: 'waiting' | 'flowing' | 'done' = 'waiting';
  #requestedAt = 0;
  #interim = 0;
  #idle: NodeJS.Timeout | undefined;
  /** When an event stream began: it lasts as long as the client likes, which is no work of the origin's. */
  #streamingSince: number | undefined;

  constructor(
    origin: Origin,
    request: OriginRequest,
    sink: OriginSink,
    clock: Clock,
    failedEarly: (error: PitwallError) => boolean,
  ) {
    this.#origin = origin;
    this.#request = request;
    this.#sink = sink;
    this.#clock = clock;
    this.#failedEarly = failedEarly;
  }

  /** Asks for a slot; waits for one at most as long as for a response head. */
  dispatch(): void {
    const place = this.#origin.slots.enter(this, this.#request.headersTimeout);
    if (place === 'go') this.start();
    else if (place === 'full') this.late();
  }

  /** No slot, now or in time. */
  late(): void {
    this.#refuse(new PitwallError('origin_busy', 'Too many requests wait for the origin.', { retryAfter: 1 }));
  }

  /** Has a slot. */
  start(): void {
    const { pool, breaker, prefix } = this.#origin;
    this.#requestedAt = this.#clock.mono();
    this.#breakerCall = breaker.admit();
    if (this.#breakerCall === undefined) {
      this.#refuse(breakerOpen(breaker));
      return;
    }
    const { method, path, headers, body, headersTimeout } = this.#request;
    try {
      pool.dispatch(
        { method: method as Dispatcher.HttpMethod, path: prefix + path, headers, body, headersTimeout, bodyTimeout: 0 },
        this,
      );
    } catch (error) {
      this.onResponseError(undefined, error as Error);
    }
  }

  cancel(): void {
    if (this.#phase === 'done') return;
    this.#finish();
    this.#breakerCall?.cancel();
    this.#controller?.abort(new Error('nobody waits for this answer'));
  }

  resume(): void {
    if (this.#phase !== 'flowing') return;
    this.#idle?.refresh();
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Counted when it is sent: what never gets a connection doesn't reach the origin.
    if (this.#phase !== 'done') this.#request.meter.countCall(this.#request.call);
    else controller.abort(new Error('nobody waits for this answer'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, statusMessage?: string): void {
    if (this.#phase === 'done') return;
    const headers = originHeaders(controller.rawHeaders as Buffer[]);
    if (status < 200) {
      if (++this.#interim > MAX_INTERIM)
        throw new PitwallError('origin_invalid', 'The origin sends interim responses without end.');
      this.#sink.onInfo(status, headers);
      return;
    }
    const isStream = isEventStream(headers);
    if (isStream && !this.#origin.slots.enterStream(this)) {
      throw new PitwallError('origin_busy', 'Too many event streams are open.', { retryAfter: 10 });
    }
    if (status > 599) throw new PitwallError('origin_invalid', `The origin answered with the status ${status}.`);
    this.#phase = 'flowing';
    // A response without Date gets that of its arrival (RFC 9110 section 6.6.1).
    if (header(headers, 'date') === undefined) headers.push('Date', formatHttpDate(this.#clock.wall()));
    this.#judgeHealth(status, headers);
    if (isStream) this.#streamingSince = this.#clock.mono();
    else this.#watchIdle();
    this.#sink.onHead({
      status,
      statusMessage: reasonPhrase(statusMessage),
      headers,
      requestedAt: this.#requestedAt,
      receivedAt: this.#clock.mono(),
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#phase !== 'flowing') return;
    this.#idle?.refresh();
    if (!this.#sink.onData(chunk) && !this.#isDone()) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#phase !== 'flowing') return;
    this.#finish();
    const raw = controller.rawTrailers as (Buffer | string)[] | null;
    this.#sink.onEnd(raw === null || raw.length === 0 ? [] : originHeaders(raw));
  }

  onResponseError(_: unknown, cause: Error): void {
    if (this.#phase === 'done') return;
    const early = this.#phase === 'waiting';
    const error = isPitwallError(cause) ? cause : originError(cause, !early);
    this.#finish();
    // A body that is too large, too short or broken off is the client's doing, and says nothing about the origin.
    if (error.code.startsWith('origin_') && error.code !== 'origin_busy') this.#breakerCall?.fail(error.message);
    else this.#breakerCall?.cancel();
    if (early && this.#failedEarly(error)) return;
    this.#sink.onFail(error);
  }

  /** Fails later, so that the caller holds the attempt by then. */
  #refuse(error: PitwallError): void {
    queueMicrotask(() => {
      if (this.#phase === 'done') return;
      this.#finish();
      this.#sink.onFail(error);
    });
  }

  #judgeHealth(status: number, headers: string[]): void {
    if (status < 500 || status === 501 || status === 505) this.#breakerCall?.succeed();
    else this.#breakerCall?.fail(`answered ${status}`, retryAfterMs(header(headers, 'retry-after'), this.#clock));
  }

  #watchIdle(): void {
    const { idleTimeout } = this.#request;
    this.#idle = setTimeout(() => {
      if (this.#controller?.paused === true) this.#idle?.refresh();
      else this.#controller?.abort(new PitwallError('origin_timeout', 'The origin stopped sending.'));
    }, idleTimeout);
  }

  #isDone(): boolean {
    return this.#phase === 'done';
  }

  #finish(): void {
    this.#phase = 'done';
    this.#origin.slots.leave(this);
    if (this.#breakerCall === undefined) return;
    clearTimeout(this.#idle);
    this.#request.meter.originMs += (this.#streamingSince ?? this.#clock.mono()) - this.#requestedAt;
  }
}

/** Retry-After in ms: seconds or an HTTP date (RFC 9110 section 10.2.3); undefined if absent or unreadable. */
function retryAfterMs(value: string | undefined, clock: Clock): number | undefined {
  if (value === undefined) return undefined;
  const seconds = parseDeltaSeconds(value);
  if (seconds !== undefined) return seconds * 1_000;
  const date = parseHttpDate(value, clock.wall());
  return date === undefined ? undefined : Math.max(0, date - clock.wall());
}
