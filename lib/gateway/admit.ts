import type { IncomingMessage, ServerResponse } from 'node:http';
import { header } from '../http-cache/header-list.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { GatewayContext } from './context.ts';
import { Exchange } from './exchange.ts';
import { parseForwarded } from './forwarded.ts';
import { identify, refuseMethod, scanRequest, splitAbsolute } from './identify.ts';
import { FACT } from './request-facts.ts';
import { clientAddress } from './trust.ts';

const REQUEST_ID = /^[\w.:+/=-]{1,128}$/;

/**
 * Steps "admit" and "match": limits, request id, who asks for what, and the route that answers.
 *
 * @throws PitwallError with the code that the client gets
 */
export function admit(context: GatewayContext, req: IncomingMessage, res: ServerResponse, start: number): Exchange {
  const { settings } = context;
  const { rawHeaders: headers } = req;
  const scan = scanRequest(headers);
  const raw = req.url as string;
  if (raw.length > settings.maxUrlLength) {
    throw new PitwallError('url_too_long', `The URL is longer than ${settings.maxUrlLength} characters.`);
  }
  const method = req.method as string;
  refuseMethod(method);
  refuseLoop(context, req);
  refuseLongBody(context, req, scan.facts);

  const peer = req.socket.remoteAddress ?? '';
  const trusted = context.trusts(peer);
  const claims = trusted ? claimsOf(headers) : NO_CLAIMS;
  const absolute = splitAbsolute(raw);
  const asked = identify(context, {
    method,
    scheme: claims.proto === 'https' ? 'https' : 'http',
    host: claims.host ?? absolute?.host ?? scan.host ?? hostOf10(req),
    target: absolute?.rest ?? raw,
    headers,
    facts: scan.facts,
  });
  const id = trusted ? header(headers, 'x-request-id') : undefined;
  return new Exchange({
    ...asked,
    req,
    res,
    id: id !== undefined && REQUEST_ID.test(id) ? id : context.nextId(),
    start,
    client: trusted ? clientAddress(peer, claims.chain, context.trusts) : peer,
    trusted,
  });
}

/** HTTP/1.0 may come without Host (RFC 9112 section 3.2): it gets the address it came to. */
function hostOf10(req: IncomingMessage): string | undefined {
  if (req.httpVersion !== '1.0') return undefined;
  const { localAddress = '', localPort } = req.socket;
  return localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
}

/** What a trusted peer says about the client; the chain of addresses by commas, the nearest to us last. */
interface Claims {
  readonly host?: string | undefined;
  readonly proto?: string | undefined;
  readonly chain?: string | undefined;
}
const NO_CLAIMS: Claims = {};

/** X-Forwarded-*, or, where there is none of those, Forwarded: a proxy that writes the one may pass a stranger's other. */
function claimsOf(headers: readonly string[]): Claims {
  const chain = header(headers, 'x-forwarded-for');
  const host = last(header(headers, 'x-forwarded-host'));
  const proto = last(header(headers, 'x-forwarded-proto'));
  const standard = header(headers, 'forwarded');
  if (standard === undefined || (chain ?? host ?? proto) !== undefined) return { chain, host, proto };
  const hops = parseForwarded(standard);
  const { host: nearestHost, proto: nearestProto } = hops.at(-1) ?? {};
  return { chain: hops.map((hop) => hop.for ?? '').join(','), host: nearestHost, proto: nearestProto };
}

function last(value: string | undefined): string | undefined {
  return value?.slice(value.lastIndexOf(',') + 1).trim();
}

function refuseLoop(context: GatewayContext, req: IncomingMessage): void {
  const via = header(req.rawHeaders, 'via');
  // The name as a whole: "pitwall-a" isn't "pitwall-ab".
  if (via?.split(/[\s,]+/).includes(context.instanceName) === true) {
    throw new PitwallError(
      'loop_detected',
      'The request has been through this instance: its upstream leads back here.',
    );
  }
}

function refuseLongBody(context: GatewayContext, req: IncomingMessage, facts: number): void {
  if ((facts & FACT.body) === 0) return;
  const limit = context.settings.maxRequestBody;
  const length = header(req.rawHeaders, 'content-length');
  if (length !== undefined && Number(length) > limit) {
    throw new PitwallError('body_too_large', `The body is larger than ${limit} bytes.`);
  }
}
