import { endToEnd } from '../http-cache/hop-by-hop.ts';
import { header } from '../http-cache/header-list.ts';
import { SURROGATE } from '../http-cache/surrogate-control.ts';
import type { Exchange } from './exchange.ts';
import type { Origin } from './origin.ts';

/** Names that other software believes about client, host, path or method; from a stranger they'd poison entries. */
const CLAIMS: ReadonlySet<string> = new Set([
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'x-cluster-client-ip',
  'x-original-url',
  'x-original-host',
  'x-rewrite-url',
  'x-host',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-uri',
  'x-scheme',
  'x-url-scheme',
  'front-end-https',
  'client-ip',
  'proxy',
  'surrogate-capability',
]);
const CONDITIONALS: ReadonlySet<string> = new Set([
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
]);

/** What the origin may say in Surrogate-Control (W3C Note "Edge Architecture", section 2.1). */
const SURROGATE_CAPABILITY = `${SURROGATE}="Surrogate/1.0"`;

export interface ForwardOptions {
  /** A flight's request: without conditionals and ranges, whoever leads it. */
  readonly shared: boolean;
  /** The policy ignores cookies: what the key drops isn't forwarded. */
  readonly dropCookie: boolean;
  readonly hasBody: boolean;
  /** This instance's name in Via. */
  readonly pseudonym: string;
}

/** The header section of the origin request (RFC 9110 sections 7.6.1, 7.6.3; RFC 7239). */
export function forwardHeaders(x: Exchange, origin: Origin, options: ForwardOptions): string[] {
  const incoming = endToEnd(x.headers);
  const headers: string[] = ['Host', origin.target.host === 'preserve' ? x.host : origin.authority];
  let via = '';
  for (let i = 0; i < incoming.length; i += 2) {
    const name = (incoming[i] as string).toLowerCase();
    const value = incoming[i + 1] as string;
    if (name === 'via') via = via === '' ? `${value}, ` : `${via}${value}, `;
    else if (isKept(name, x.trusted, options)) headers.push(incoming[i] as string, value);
  }
  headers.push('Via', `${via}${x.req.httpVersion} ${options.pseudonym}`);
  headers.push('Surrogate-Capability', SURROGATE_CAPABILITY);
  pushForwarded(headers, x);
  headers.push('X-Request-Id', x.id);
  return headers;
}

function isKept(name: string, trusted: boolean, options: ForwardOptions): boolean {
  switch (name) {
    case 'host':
    case 'expect':
    case 'pitwall-explain':
    case 'x-request-id':
    case 'forwarded':
    case 'x-forwarded-for':
    case 'x-forwarded-host':
    case 'x-forwarded-proto':
      return false;
    case 'content-length':
      return options.hasBody;
    case 'cookie':
      return !options.dropCookie;
  }
  if (options.shared && CONDITIONALS.has(name)) return false;
  if (trusted) return true;
  // CGI, WSGI and Rack read "_" as "-": a name with it would go round this list.
  return !(CLAIMS.has(name) || name.startsWith('x-forwarded-') || name.includes('_'));
}

/** Both the standard (RFC 7239) and the customary headers; a trusted proxy's chain goes on. */
function pushForwarded(headers: string[], x: Exchange): void {
  const peer = x.req.socket.remoteAddress ?? 'unknown';
  const node = peer.includes(':') ? `"[${peer}]"` : peer;
  const forwarded = `for=${node};host="${x.host}";proto=${x.scheme}`;
  const before = x.trusted ? header(x.headers, 'forwarded') : undefined;
  const chain = x.trusted ? header(x.headers, 'x-forwarded-for') : undefined;
  headers.push(
    'Forwarded',
    before === undefined ? forwarded : `${before}, ${forwarded}`,
    'X-Forwarded-For',
    chain === undefined ? peer : `${chain}, ${peer}`,
    'X-Forwarded-Host',
    x.host,
    'X-Forwarded-Proto',
    x.scheme,
  );
}
