import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MissReason } from '../contracts/traffic.ts';
import { header } from '../http-cache/header-list.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import { account, recordHit } from './account.ts';
import { admit } from './admit.ts';
import { sendEntry, sendProblem } from './answer.ts';
import { isPassedRange } from './asked-range.ts';
import { lookBelow } from './below.ts';
import { fetchShared, passThrough, refresh, wouldCoalesce } from './coalesce.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { lookAtBreaker } from './explain-breaker.ts';
import { sharingFor } from './explain-sharing.ts';
import { decisionSteps, keyStep, levelSteps, passedSteps, requestSteps } from './explain-steps.ts';
import { keyOf } from './key-of.ts';
import { lookup, type Lookup } from './lookup.ts';
import { NOT_PLAIN } from './request-facts.ts';
import { refuse } from './refuse.ts';
import { readKeyBody, streamBody } from './request-body.ts';
import { L3_RESIDENCY_MS } from './third-level.ts';
import { belowSteps } from './trace-steps.ts';
import { outcomeOf, wayOf } from './way.ts';

/** The way of a request (docs/architecture.md): L1, or admit, match and what the mode asks for. */
export function handle(context: GatewayContext, req: IncomingMessage, res: ServerResponse): void {
  const start = context.clock.mono();
  if (!context.draining) {
    const hit = context.l1.answer(req, res, start);
    if (hit !== undefined) {
      if (context.record !== undefined) recordHit(context, hit, req, start);
      return;
    }
  }
  if (req.url === '*' && req.method === 'OPTIONS') {
    // Asks about this server, not about a resource (RFC 9110 section 9.3.7).
    res.writeHead(204, { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' }).end();
    return;
  }
  let x: Exchange;
  try {
    x = admit(context, req, res, start);
  } catch (error) {
    refuse(context, req, res, asPitwallError(error));
    return;
  }
  if (x.has('explain') && context.mayExplain(header(x.headers, 'pitwall-explain'))) x.trace = requestSteps(x);
  res.once('close', () => account(context, x));
  res.on('error', () => undefined);
  try {
    route(context, x);
  } catch (error) {
    fail(context, x, error);
  }
}

function route(context: GatewayContext, x: Exchange): void {
  if (x.route.service.mode === 'observe') x.route.meter.observed++;
  const way = wayOf(x);
  if (way === 'key') answer(context, x, keyOf(x, undefined), null);
  else if (way === 'key-by-body') keyByBody(context, x);
  else {
    x.trace?.push(...passedSteps(x, way, lookAtBreaker(context.clock, x, 'pass', undefined, false)));
    pass(context, x, way);
  }
}

/** Levels, then origin, for a request with a key. */
function answer(context: GatewayContext, x: Exchange, key: string, body: Buffer | null): void {
  x.key = key;
  const held = x.trace && (context.l2.read(key, undefined, true) ?? []);
  const found = lookup(context, x, key);
  if (held !== undefined) x.trace?.push(keyStep(x, key), ...levelSteps(context, x, 'l2', held, found.entry));
  const below = lookBelow(context, x, key, found);
  if (below === undefined) settle(context, x, key, body, found, 'l2');
  else {
    below
      .then(({ found: there, level }) => {
        x.trace?.push(...belowSteps(context, x, there.entry === found.entry ? undefined : there.entry));
        if (!x.gone) settle(context, x, key, body, there, level);
      })
      .catch((error: unknown) => fail(context, x, error));
  }
}

/** Answers from what the levels found, or goes to the origin. */
function settle(
  context: GatewayContext,
  x: Exchange,
  key: string,
  body: Buffer | null,
  found: Lookup,
  level: 'l2' | 'l3',
): void {
  const outcome = outcomeOf(x, found);
  if (x.trace !== undefined) {
    const joins = sharingFor(context, x, key, found, outcome)?.open === true;
    x.trace.push(...decisionSteps(context, x, outcome, found, lookAtBreaker(context.clock, x, outcome, found, joins)));
  }
  if (outcome === 'observe') {
    const saved = found.kind === 'fresh' || found.kind === 'stale' || wouldCoalesce(context, x, key);
    if (saved) x.route.meter.wouldHave++;
    x.reason = found.kind === 'fresh' || saved ? 'observe' : found.reason;
    if (isPassedRange(x)) pass(context, x, 'observe');
    else fetchShared(context, x, key, undefined, body);
    return;
  }
  if (found.kind === 'fresh') {
    sendEntry(context, x, found.entry, level);
    if (level === 'l3' && x.start - found.entry.storedAt > L3_RESIDENCY_MS) refresh(context, x, key, found.entry, body);
    const host = header(x.headers, 'host');
    if (host !== undefined && mayRender(x)) context.l1.render(x.req.url as string, host, found.entry, x.route, x.start);
    return;
  }
  x.reason = found.reason;
  if (found.kind === 'stale') {
    sendEntry(context, x, found.entry, 'stale');
    refresh(context, x, key, found.entry, body);
  } else if (outcome === 'only-if-cached') {
    sendProblem(
      context,
      x,
      new PitwallError('only_if_cached', 'Nothing usable is stored, and the request asked for no more.'),
    );
  } else if (outcome === 'pass') {
    pass(context, x, 'range');
  } else {
    fetchShared(context, x, key, found.kind === 'revalidate' ? found.entry : undefined, body);
  }
}

function pass(context: GatewayContext, x: Exchange, reason: MissReason): void {
  x.reason = reason;
  const body = streamBody(x, context.settings.maxRequestBody);
  if (x.awaitsContinue) x.res.writeContinue();
  passThrough(context, x, body);
}

function keyByBody(context: GatewayContext, x: Exchange): void {
  const { policy } = x.route.route;
  if (x.awaitsContinue) x.res.writeContinue();
  readKeyBody(x.req, policy.maxKeyBody, context.settings.maxRequestBody)
    .then((read) => {
      if (read.kind === 'long') {
        x.reason = 'too-large';
        x.query = x.wholeQuery;
        passThrough(context, x, read.body);
      } else {
        answer(context, x, keyOf(x, read.body), read.body);
      }
    })
    .catch((error: unknown) => fail(context, x, error));
}

/** L1 finds a response by URL, host and Vary alone: not where the key has more in it, or the URL isn't all that was asked. */
function mayRender(x: Exchange): boolean {
  // What a policy leaves out comes in endless forms: they'd push each other out.
  if (x.query !== x.wholeQuery) return false;
  if (x.method !== 'GET' || (x.facts & NOT_PLAIN) !== 0 || (x.trusted && x.has('forwarded'))) return false;
  return x.route.route.policy.keyHeaders.length === 0;
}

function fail(context: GatewayContext, x: Exchange, error: unknown): void {
  const known = asPitwallError(error);
  if (known.code === 'internal')
    context.logger.error(`A request failed inside Pitwall: ${known.message}`, { correlationId: x.id, error: known });
  sendProblem(context, x, known.code === 'internal' ? new PitwallError('internal', 'Something went wrong.') : known);
}
