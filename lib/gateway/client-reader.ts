import type { FlightReader, Seat } from '../dedup/flight.ts';
import { isNotModified } from '../http-cache/validators.ts';
import { header, withoutHeaders } from '../http-cache/header-list.ts';
import { PitwallError } from '../kernel/errors.ts';
import { originTiming, sendEntry, sendHead, sendProblem } from './answer.ts';
import { forwardedStatus } from './cache-status.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import type { FlightHead } from './judge.ts';
import { cutIfStalled } from './send-body.ts';
import { answeredStep } from './trace-steps.ts';

/** For the client that led the flight alone, even where a policy ignores it. */
const FOR_ONE: ReadonlySet<string> = new Set(['set-cookie']);

/** A client's side of a flight: writes what the flight gives to the client's response, at the client's pace. */
export class ClientReader implements FlightReader<FlightHead, Exchange> {
  readonly facts: Exchange;
  readonly #context: GatewayContext;
  readonly #goAlone: () => void;
  #seat: Seat | undefined;
  /** Where body bytes go: to the client, or nowhere when the answer has none. */
  #body: 'pending' | 'send' | 'discard' = 'pending';
  #discarded = 0;

  /** @param goAlone called when the response isn't for this client */
  constructor(context: GatewayContext, x: Exchange, goAlone: () => void) {
    this.#context = context;
    this.facts = x;
    this.#goAlone = goAlone;
  }

  /** Ties the flight to the client: its pace, and its leaving. */
  take(seat: Seat): void {
    this.#seat = seat;
    const { res } = this.facts;
    res.on('drain', () => seat.resume());
    res.once('close', () => {
      // A client with a bodiless answer has left, but its flight still fetches the entry.
      if (this.#body !== 'discard') seat.leave();
    });
    if (res.destroyed) seat.leave();
  }

  onHead(head: FlightHead): void {
    const x = this.facts;
    if (x.gone) return;
    x.originMs = head.originMs;
    x.trace?.push(answeredStep(head));
    try {
      if (head.kind === 'entry') this.#sendEntry(head);
      else this.#sendOrigin(head);
    } catch (error) {
      // A head that Node won't write: without an answer the client would wait for ever.
      this.#body = 'discard';
      sendProblem(
        this.#context,
        x,
        new PitwallError('origin_invalid', "The origin's answer can't be sent on.", { cause: error }),
      );
    }
  }

  onData(chunk: Buffer): boolean {
    if (this.#body !== 'send') {
      this.#discarded += chunk.length;
      if (this.#discarded > this.facts.route.route.policy.maxEntry) this.#seat?.leave();
      return true;
    }
    const { res } = this.facts;
    this.facts.bytes += chunk.length;
    const taken = res.write(chunk);
    if (!taken) cutIfStalled(res, this.#context.settings.timeouts.send);
    return taken;
  }

  onEnd(trailers: readonly string[]): void {
    const { res } = this.facts;
    if (this.#body !== 'send') return;
    if (trailers.length > 0 && res.chunkedEncoding) res.addTrailers(pairs(trailers));
    res.end();
  }

  onFail(error: PitwallError): void {
    if (error.code === 'lagging_reader') this.facts.res.destroy();
    else sendProblem(this.#context, this.facts, error);
  }

  onRefused(): void {
    this.#seat = undefined;
    this.#goAlone();
  }

  #sendEntry(head: Extract<FlightHead, { kind: 'entry' }>): void {
    const x = this.facts;
    this.#body = 'discard';
    if (head.via === 'stale-if-error') {
      sendEntry(this.#context, x, head.entry, 'stale');
      return;
    }
    if (head.via === 'fleet') x.result = 'coalesced';
    const reason = x.reason ?? 'expired';
    const status = forwardedStatus(this.#context.pseudonym, {
      forward: reason,
      reason,
      status: head.via === 'fleet' ? undefined : 304,
      storedTtl: head.stored ? this.#ttl(head.entry.freshUntil) : undefined,
      collapsed: x.result === 'coalesced',
    });
    sendEntry(this.#context, x, head.entry, x.result, status);
  }

  #sendOrigin(head: Extract<FlightHead, { kind: 'origin' }>): void {
    const x = this.facts;
    x.stream = head.stream;
    const forward = x.reason ?? 'cold';
    if (head.refusal !== undefined && x.reason !== 'observe') x.reason = head.refusal;
    x.originFailed = head.status >= 500;
    const status = forwardedStatus(this.#context.pseudonym, {
      forward,
      reason: x.reason ?? 'cold',
      status: head.status,
      storedTtl: head.freshUntil === undefined ? undefined : this.#ttl(head.freshUntil),
      collapsed: x.result === 'coalesced',
    });
    // A flight's request went without conditionals, so that they're ours to answer; one passed on kept its own.
    const shared = head.freshUntil !== undefined || head.refusal !== undefined;
    const notModified = shared && head.status === 200 && x.has('conditional') && this.#matches(head);
    const code = notModified ? 304 : head.status;
    sendHead(
      this.#context,
      x,
      code,
      notModified ? '' : head.statusMessage,
      x.result === 'coalesced' ? withoutHeaders(head.headers, FOR_ONE) : head.headers,
      status,
      originTiming(head.originMs),
    );
    if (notModified || x.method === 'HEAD' || code === 204 || code === 304) {
      this.#body = 'discard';
      x.res.end();
      return;
    }
    this.#body = 'send';
    // A head whose body isn't there yet goes out by itself; one with its body goes in the same packet.
    queueMicrotask(() => {
      if (x.bytes === 0 && !x.res.writableEnded && !x.gone) x.res.flushHeaders();
    });
  }

  /** Seconds; negative once it's stale. */
  #ttl(freshUntil: number): number {
    return Math.floor((freshUntil - this.#context.clock.mono()) / 1_000);
  }

  #matches(head: Extract<FlightHead, { kind: 'origin' }>): boolean {
    return isNotModified(this.facts.headers, {
      etag: header(head.headers, 'etag'),
      lastModified: header(head.headers, 'last-modified'),
    });
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) list.push([flat[i] as string, flat[i + 1] as string]);
  return list;
}
