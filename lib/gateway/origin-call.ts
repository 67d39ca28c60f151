import type { Readable } from 'node:stream';
import type { Entry } from '../cache/entry.ts';
import type { MissReason, OriginCall } from '../contracts/traffic.ts';
import type { FlightSource } from '../dedup/flight.ts';
import type { Turn } from '../dedup/fleet.ts';
import { isEventStream } from '../http-cache/event-stream.ts';
import { conditionalHeaders } from '../http-cache/validators.ts';
import { isFresh, mayServeStale } from '../http-cache/freshness.ts';
import { selectingValue } from '../http-cache/vary.ts';
import { asPitwallError, type PitwallError } from '../kernel/errors.ts';
import { holdsAsked, partFields } from './asked-range.ts';
import { attempt, type OriginAttempt, type OriginHead, type OriginSink } from './attempt.ts';
import type { GatewayContext, Sent } from './context.ts';
import type { Exchange } from './exchange.ts';
import { forwardHeaders } from './forward-headers.ts';
import { holdHead } from './held-head.ts';
import { passInterim } from './interim.ts';
import { invalidate } from './invalidate.ts';
import { clientHeaders, lastAnswer, refreshedEntry, type FlightHead } from './judge.ts';
import { keepForGet, keepPart, keepWhole, type Keeping } from './keeping.ts';
import { updateByHead } from './head-update.ts';
import { mayHave } from './may-have.ts';
import { judgedSteps, refusedStep } from './trace-steps.ts';

/** What a flight asks of the origin, and on whose behalf. */
export interface OriginPlan {
  readonly x: Exchange;
  /** Primary key; undefined: the answer is passed on, never shared. */
  readonly key: string | undefined;
  /** Of a POST that is passed on: what its answer may be stored under, as one to GET. */
  readonly keyForGet?: string | undefined;
  /** A stored entry to confirm (RFC 9111 section 4.3), or to stand in when the origin fails. */
  readonly stale: Entry | undefined;
  /** The client's range is asked for, and a part may come back. */
  readonly part: boolean;
  readonly body: Readable | Buffer | null;
  readonly call: OriginCall;
}

type Source = FlightSource<FlightHead, Exchange>;
/** This instance asks for the whole fleet. */
type Lease = Extract<Turn, { kind: 'lead' }>;

/** Statuses for which stale-if-error stands in (RFC 5861 section 4). */
const STANDS_IN: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** One flight's origin call: sends it, judges the head, feeds the flight, stores the whole. */
export class OriginCallSink implements OriginSink, OriginAttempt {
  readonly #context: GatewayContext;
  #plan: OriginPlan;
  readonly #source: Source;
  readonly #sent: Sent;
  #lease: Lease | undefined;
  #attempt: OriginAttempt | undefined;
  #toStore: ((body: Buffer) => Entry | undefined) | undefined;
  #storing = false;
  #startedAt = 0;

  constructor(context: GatewayContext, plan: OriginPlan, sent: Sent, source: Source) {
    this.#context = context;
    this.#plan = plan;
    this.#source = source;
    this.#sent = sent;
  }

  /** @param lease under which other instances wait for what comes of it */
  send(lease?: Lease): OriginAttempt {
    this.#lease = lease;
    const { x, key, stale, part, body, call } = this.#plan;
    const { origin } = x.route.service;
    const { policy } = x.route.route;
    const headers = forwardHeaders(x, origin, {
      shared: key !== undefined,
      dropCookie: key !== undefined && policy.ignore.includes('cookie'),
      hasBody: body !== null,
      pseudonym: this.#context.instanceName,
    });
    if (stale !== undefined) headers.push(...conditionalHeaders(stale));
    if (part) headers.push(...partFields(x));
    this.#startedAt = this.#context.clock.mono();
    const request = {
      method: x.method,
      path: x.path + x.query,
      headers,
      body,
      headersTimeout: policy.timeouts.headers,
      idleTimeout: policy.timeouts.idle,
      call,
      meter: x.route.meter,
    };
    const { clock } = this.#context;
    this.#attempt = holdHead(
      this,
      (head) => this.#invalidate(head),
      (sink) => attempt(origin, request, sink, clock),
    );
    return this;
  }

  cancel(): void {
    this.#lease?.land('alone');
    this.#attempt?.cancel();
  }

  resume(): void {
    this.#attempt?.resume();
  }

  /** The flight has the whole body: step "store". */
  stored(body: Buffer): void {
    const entry = this.#toStore?.(body);
    if (entry !== undefined) this.#store(entry);
  }

  /** Another instance's call has left a fresh entry for this flight. */
  landed(entry: Entry): void {
    this.#source.head(
      { kind: 'entry', entry, via: 'fleet', stored: true, originMs: undefined },
      { store: false, shares: (other) => mayHave(entry, other) },
    );
    this.#source.end([]);
  }

  /** Asking the fleet failed inside Pitwall. */
  broke(error: unknown): void {
    this.#source.fail(asPitwallError(error));
  }

  /** Interim responses reach the client that asked; followers wait for the head that is judged. */
  onInfo(status: number, headers: string[]): void {
    passInterim(this.#plan.x, status, headers);
  }

  onHead(head: OriginHead): void {
    const { x, key, keyForGet, stale, part } = this.#plan;
    if (key === undefined) {
      this.#keep(keepForGet(this.#context, x, keyForGet, head), head);
      return;
    }
    if (x.method === 'HEAD' && head.status === 200) updateByHead(this.#context, x, key, head, this.#sent.clearNumber);
    if (stale !== undefined && head.status === 304) {
      if (this.#isGone(stale)) this.#askAgain();
      else this.#confirm(stale, head);
    } else if (stale !== undefined && STANDS_IN.has(head.status) && this.#mayStandIn(stale)) this.#standIn(stale);
    else this.#keep((part ? keepPart : keepWhole)(this.#context, x, key, head), head);
  }

  onData(chunk: Buffer): boolean {
    return this.#source.data(chunk);
  }

  onEnd(trailers: string[]): void {
    this.#source.end(trailers);
    // What outgrew its limits on the way was never handed to "store".
    if (!this.#storing) this.#lease?.land('alone');
  }

  onFail(error: PitwallError): void {
    this.#lease?.land('alone');
    const { stale } = this.#plan;
    if (stale !== undefined && this.#toStore === undefined && this.#mayStandIn(stale)) this.#standIn(stale);
    else this.#source.fail(error);
  }

  /** Hands the head on, and remembers how to store what follows. */
  #keep(keeping: Keeping, head: OriginHead): void {
    if (!keeping.store) {
      this.#pass(head, keeping.reason);
      return;
    }
    const { x } = this.#plan;
    const { judged } = keeping;
    x.trace?.push(...judgedSteps(keeping.head.headers, keeping.head.status, judged));
    this.#toStore = (body) => keeping.entryOf(body, this.#sent.clearNumber);
    const varyValues = judged.vary.map((name) => selectingValue(x.headers, name));
    const { vary, forCookie, forAuthorization } = judged;
    const shareable = { vary, varyValues, forCookie, forAuthorization };
    const fresh = judged.lifetime > judged.initialAge;
    const freshUntil = head.receivedAt + judged.lifetime - judged.initialAge;
    this.#source.head(this.#originHead(head, freshUntil, undefined), {
      store: true,
      ...(fresh && { shares: (other: Exchange) => mayHave(shareable, other) }),
    });
  }

  /** An answer's own invalidation doesn't overtake what that answer brings. */
  #invalidate(head: OriginHead): Promise<void> | undefined {
    const { pending } = this.#sent;
    const overtaken = this.#overtaken;
    const done = invalidate(this.#context, this.#plan.x, head);
    if (pending !== undefined) pending.overtaken = overtaken;
    return done;
  }

  get #overtaken(): boolean {
    return this.#sent.pending?.overtaken === true;
  }

  /** One that a clear or an unsafe request has overtaken must not push out what was stored after it. */
  #store(entry: Entry): void {
    if (this.#overtaken || this.#context.clearLog.verdict(entry) === 'hard') return;
    this.#storing = true;
    const lease = this.#lease;
    void this.#context.store(entry, lease?.fence).then((held) => lease?.land(held ? 'stored' : 'alone'));
  }

  #pass(head: OriginHead, refusal: MissReason | undefined): void {
    this.#lease?.land('alone');
    if (refusal !== undefined) this.#plan.x.trace?.push(refusedStep(refusal, head.headers));
    this.#source.head(this.#originHead(head, undefined, refusal), { store: false });
  }

  /** What was to be confirmed was cleared hard, or changed by an unsafe request, while the origin was asked. */
  #isGone(stale: Entry): boolean {
    return this.#overtaken || this.#context.clearLog.verdict(stale) === 'hard';
  }

  /** Fetches what a 304 can't stand for any more. */
  #askAgain(): void {
    this.#attempt?.cancel();
    this.#plan = { ...this.#plan, stale: undefined, call: 'fetch' };
    this.#sent.clearNumber = this.#context.clearLog.head;
    if (this.#sent.pending !== undefined) this.#sent.pending.overtaken = false;
    this.send(this.#lease);
  }

  /** 304: the stored entry lives on with new times, or answers once more if it may no longer be stored. */
  #confirm(stale: Entry, head: OriginHead): void {
    const { x } = this.#plan;
    const entry = refreshedEntry(x, stale, head, this.#context.clock, this.#sent.clearNumber);
    if (entry !== undefined) this.#store(entry);
    else {
      this.#context.drop(stale);
      this.#lease?.land('alone');
    }
    const shared = entry ?? lastAnswer(x, stale, head);
    if (!holdsAsked(shared, x)) {
      this.#askAgain();
      return;
    }
    const originMs = head.receivedAt - this.#startedAt;
    this.#source.head(
      { kind: 'entry', entry: shared, via: 'revalidated', stored: entry !== undefined, originMs },
      {
        store: false,
        ...(entry !== undefined &&
          isFresh(entry, head.receivedAt) && { shares: (other: Exchange) => mayHave(entry, other) }),
      },
    );
    this.#source.end([]);
  }

  /** The origin failed within the entry's stale-if-error grace. */
  #standIn(stale: Entry): void {
    this.cancel();
    this.#source.head(
      { kind: 'entry', entry: stale, via: 'stale-if-error', stored: true, originMs: undefined },
      { store: false, shares: (other) => mayHave(stale, other) },
    );
    this.#source.end([]);
  }

  #mayStandIn(stale: Entry): boolean {
    const now = this.#context.clock.mono();
    return mayServeStale(stale, now, 'error') && this.#context.clearLog.verdict(stale) !== 'hard';
  }

  #originHead(head: OriginHead, freshUntil: number | undefined, refusal: MissReason | undefined): FlightHead {
    return {
      kind: 'origin',
      status: head.status,
      statusMessage: head.statusMessage,
      headers: clientHeaders(this.#plan.x, head.headers),
      freshUntil,
      refusal,
      stream: isEventStream(head.headers),
      originMs: head.receivedAt - this.#startedAt,
    };
  }
}
