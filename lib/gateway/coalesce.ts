import type { Readable } from 'node:stream';
import type { Entry } from '../cache/entry.ts';
import { urlOf } from '../cache/entry-key.ts';
import type { MissReason, OriginCall } from '../contracts/traffic.ts';
import type { Flight } from '../dedup/single-flight.ts';
import { asksPart, partFields } from './asked-range.ts';
import { ClientReader } from './client-reader.ts';
import type { GatewayContext } from './context.ts';
import type { Asked, Exchange } from './exchange.ts';
import { sendWithFleet } from './fleet-call.ts';
import type { FlightHead } from './judge.ts';
import { variantOf } from './lookup.ts';
import { keyOfGet } from './post-answer.ts';
import { OriginCallSink, type OriginPlan } from './origin-call.ts';

type OpenFlight = Flight<FlightHead, Exchange>;

/** Step "coalesce" for a request that may be stored: joins the flight under way for its key, or leads one. */
export function fetchShared(
  context: GatewayContext,
  x: Exchange,
  key: string,
  stale: Entry | undefined,
  body: Buffer | null,
): void {
  const part = asksPart(x, stale);
  const name = flightName(context, x, key, stale, part);
  const call: OriginCall = stale === undefined ? 'fetch' : 'revalidate';
  const plan: OriginPlan = { x, key, stale, part, body, call };
  const alone = (): void => {
    x.result = 'origin';
    const own = { ...plan, stale: undefined, call: 'fetch' as const };
    board(context, x, launch(context, own, { name: aloneName(x), sharing: name, fleet: false }), alone);
  };
  const shared = x.route.service.mode === 'cache' && mayShare(context, x, name);
  const open = shared ? findOpen(context, key, name) : undefined;
  if (open !== undefined) {
    x.result = 'coalesced';
    x.trace?.push({ step: 'sharing', says: "A call for it was under way: it waited for that one's answer." });
  }
  const named = { name: shared ? name : aloneName(x), sharing: name, fleet: shared };
  board(context, x, open ?? launch(context, plan, named), alone);
}

/** Passes a request through: not shared, and stored only where a POST answers GET; with its own conditionals, ranges and body. */
export function passThrough(context: GatewayContext, x: Exchange, body: Readable | Buffer | null): void {
  const keyForGet = keyOfGet(context, x);
  const plan: OriginPlan = { x, key: undefined, keyForGet, stale: undefined, part: false, body, call: 'pass' };
  board(context, x, launch(context, plan, { name: aloneName(x), sharing: undefined, fleet: false }), () => undefined);
}

/** Refreshes an entry behind the client's back (RFC 5861 section 3), once at a time. */
export function refresh(context: GatewayContext, x: Exchange, key: string, stale: Entry, body: Buffer | null): void {
  const part = asksPart(x, stale);
  const name = flightName(context, x, key, stale, part);
  if (context.flights.find(name) !== undefined) return;
  launch(
    context,
    { x, key, stale, part, body, call: 'refresh' },
    { name, sharing: name, keepAlone: true, fleet: true },
  );
}

/** Whether a call for this key is under way that mode cache would have shared: what mode observe would have saved. */
export function wouldCoalesce(context: GatewayContext, x: Exchange, key: string): boolean {
  return context.storing.has(key) && mayShare(context, x, flightName(context, x, key, undefined));
}

/** Whether answers to this key were lately such that each client had to ask for itself: the whole, and the range asked for. */
export function isUnshared(context: GatewayContext, x: Asked, key: string): boolean {
  const unshared = (part: boolean): boolean => context.hitForMiss.has(flightName(context, x, key, undefined, part));
  // A whole that is too large to be shared says nothing about its parts, nor a part about the whole that has it.
  return unshared(false) && (!asksPart(x) || unshared(true));
}

/** What sharing a call for this key would come to. */
export interface Sharing {
  /** A call that the request would join is under way. */
  readonly open: boolean;
  /** Lately each client had to ask for itself. */
  readonly unshared: boolean;
  /** Why, as far as it is known. */
  readonly refusal: MissReason | undefined;
}

/** @param stale the entry that the call would confirm */
export function sharingOf(context: GatewayContext, x: Asked, key: string, stale: Entry | undefined): Sharing {
  const name = flightName(context, x, key, stale, asksPart(x, stale));
  return {
    open: mayShare(context, x, name) && findOpen(context, key, name) !== undefined,
    unshared: context.hitForMiss.has(name),
    refusal: context.hitForMiss.why(name) as MissReason | undefined,
  };
}

function board(context: GatewayContext, x: Exchange, flight: OpenFlight, alone: () => void): void {
  const reader = new ClientReader(context, x, alone);
  reader.take(flight.join(reader));
}

/** How a flight is found, and how it goes. */
interface Named {
  readonly name: string;
  /** Under what its sharing is remembered. */
  readonly sharing: string | undefined;
  /** It goes on with nobody listening. */
  readonly keepAlone?: boolean;
  /** Other instances that miss the same key may wait for it, or it for them. */
  readonly fleet: boolean;
}

function launch(context: GatewayContext, plan: OriginPlan, named: Named): OpenFlight {
  let sink: OriginCallSink | undefined;
  const key = plan.key ?? plan.keyForGet;
  const pending = key === undefined ? undefined : context.storing.enter(key);
  const leave = (): void => {
    if (pending !== undefined) context.storing.leave(pending);
  };
  const sent = { clearNumber: context.clearLog.head, pending };
  const flight: OpenFlight = context.flights.launch(
    named.name,
    { limitBytes: plan.x.route.route.policy.maxEntry, keepAlone: named.keepAlone ?? false },
    (source) => {
      const own = new OriginCallSink(context, plan, sent, {
        head: (head, judged) => {
          remember(context, named.sharing, head, judged.shares !== undefined);
          source.head(head, judged);
        },
        data: (chunk) => source.data(chunk),
        end: (trailers) => {
          try {
            source.end(trailers);
          } finally {
            leave();
          }
        },
        fail: (error) => {
          leave();
          source.fail(error);
        },
      });
      sink = own;
      const { fleet } = context;
      const call =
        fleet !== undefined && named.fleet ? sendWithFleet(context, fleet, plan, named.name, own) : own.send();
      return {
        cancel() {
          leave();
          call.cancel();
        },
        resume: () => call.resume(),
      };
    },
    (body) => sink?.stored(body),
  );
  context.sent.set(flight, sent);
  return flight;
}

/** The flight to join: not one whose call was sent before a clear that this request comes after. */
function findOpen(context: GatewayContext, key: string, name: string): OpenFlight | undefined {
  const flight = context.flights.find(name);
  const sent = flight && context.sent.get(flight);
  if (sent === undefined || sent.pending?.overtaken === true) return undefined;
  return context.clearLog.overtakes(urlOf(key), sent.clearNumber) ? undefined : flight;
}

/** Refusals for what one request carries: they say nothing about the next. */
const ABOUT_THE_REQUEST: ReadonlySet<MissReason | undefined> = new Set<MissReason>(['cookie', 'authorization']);

/** Hit-for-miss: what couldn't be shared isn't waited for again, until it can be. Failures say nothing about sharing. */
function remember(context: GatewayContext, sharing: string | undefined, head: FlightHead, shareable: boolean): void {
  if (sharing === undefined) return;
  if (shareable) context.hitForMiss.forget(sharing);
  else if (head.kind === 'origin' && head.status < 500 && !ABOUT_THE_REQUEST.has(head.refusal))
    context.hitForMiss.mark(sharing, head.refusal);
}

/** HEAD, ranges and revalidations have flights of their own; so have requests for different known variants. */
function flightName(context: GatewayContext, x: Asked, key: string, stale: Entry | undefined, part = false): string {
  const kind = `${x.method === 'HEAD' ? 'head' : ''}${stale === undefined ? '' : 'revalidate'}`;
  const range = part ? `\n${partFields(x).join('\n')}` : '';
  return `${kind} ${key}${variantOf(context, x, key)}${range}`;
}

function aloneName(x: Exchange): string {
  return `alone ${x.id}`;
}

/** The privacy rules that are known before the response: with Cookie only by policy, and not where sharing failed lately. */
function mayShare(context: GatewayContext, x: Asked, name: string): boolean {
  const { policy } = x.route.route;
  if (!policy.coalesce || context.hitForMiss.has(name)) return false;
  return !x.has('cookie') || policy.coalesceCookies || policy.ignore.includes('cookie');
}
