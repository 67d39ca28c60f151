import type { Storable } from './storable.ts';
import { header, type HeaderList } from './header-list.ts';
import { responseControl, saysNoCache, type ControlField, type ResponseControl } from './response-control.ts';

/** What decided: the directive or setting as it was written, and where its meaning is laid down. */
export interface Because {
  readonly text: string;
  /** "RFC 9111 §5.2.2.1", "policy" and the like. */
  readonly source: string;
}

const FIELD_NAME: Readonly<Record<ControlField, string>> = {
  'pitwall-cache-control': 'Pitwall-Cache-Control',
  'cdn-cache-control': 'CDN-Cache-Control',
  'surrogate-control': 'Surrogate-Control',
  'cache-control': 'Cache-Control',
};

/** A directive of the field that holds; the field's own rule where it isn't Cache-Control. */
function directive({ field }: ResponseControl, text: string, section: string): Because {
  const rule: Readonly<Record<ControlField, string>> = {
    'pitwall-cache-control': 'RFC 9213 §2.2',
    'cdn-cache-control': 'RFC 9213 §2.2',
    'surrogate-control': 'W3C Edge Architecture §2.2',
    'cache-control': `RFC 9111 §${section}`,
  };
  return { text: `${text} in ${FIELD_NAME[field]}`, source: rule[field] };
}

/** Where the lifetime of a stored response comes from. @param headers those that it was judged by */
export function lifetimeReason(headers: HeaderList, { source }: Pick<Storable, 'source'>): Because {
  const said = responseControl(headers);
  const { sMaxAge, maxAge, noCache } = said.control;
  if (noCache) return directive(said, 'no-cache', '5.2.2.4');
  if (source === 'policy') return { text: 'ttl in the policy of the route', source: 'policy' };
  if (source === 'heuristic') {
    const modified = `Last-Modified: ${header(headers, 'last-modified')}`;
    return { text: `a tenth of the time since ${modified}, a day at most`, source: 'RFC 9111 §4.2.2' };
  }
  if (source === 'none') {
    if (saysNoCache(headers, said)) return { text: `Pragma: ${header(headers, 'pragma')}`, source: 'RFC 9111 §5.4' };
    return { text: 'nothing says how long it is fresh', source: 'RFC 9111 §4.2' };
  }
  if (sMaxAge !== undefined) return directive(said, `s-maxage=${sMaxAge}`, '5.2.2.10');
  if (maxAge !== undefined) return directive(said, `max-age=${maxAge}`, '5.2.2.1');
  const date = header(headers, 'date');
  const less = date === undefined ? 'less the time it came' : `less Date: ${date}`;
  return { text: `Expires: ${header(headers, 'expires')} ${less}`, source: 'RFC 9111 §5.3' };
}

/** Where a grace for stale answers comes from, or what forbids one; undefined where there is neither. */
export function graceReason(
  headers: HeaderList,
  which: 'staleWhileRevalidate' | 'staleIfError',
  { mustRevalidate, [which]: ms }: Pick<Storable, 'mustRevalidate' | 'staleWhileRevalidate' | 'staleIfError'>,
): Because | undefined {
  const said = responseControl(headers);
  if (mustRevalidate) return revalidateReason(said);
  const [name, section] =
    which === 'staleWhileRevalidate' ? ['stale-while-revalidate', 'RFC 5861 §3'] : ['stale-if-error', 'RFC 5861 §4'];
  const seconds = said.control[which];
  if (seconds !== undefined) return { text: `${name}=${seconds} in ${FIELD_NAME[said.field]}`, source: section };
  return ms > 0 ? { text: `${which} in the policy of the route`, source: 'policy' } : undefined;
}

function revalidateReason(said: ResponseControl): Because {
  const { control } = said;
  if (control.noCache) return directive(said, 'no-cache', '5.2.2.4');
  if (control.mustRevalidate) return directive(said, 'must-revalidate', '5.2.2.2');
  if (control.proxyRevalidate) return directive(said, 'proxy-revalidate', '5.2.2.8');
  return directive(said, `s-maxage=${control.sMaxAge}`, '5.2.2.10');
}

/** What lets a response be stored: what it says itself, or that nothing forbids it. */
export function storedReason(headers: HeaderList, status: number, { source }: Pick<Storable, 'source'>): Because {
  const said = responseControl(headers);
  if (said.control.public) return directive(said, 'public', '5.2.2.9');
  if (source === 'explicit')
    return { text: 'it says how long it is fresh, and nothing forbids', source: 'RFC 9111 §3' };
  if (source === 'policy') return { text: 'the policy gives it a ttl, and nothing forbids', source: 'policy' };
  return { text: `${status} may be stored without freshness, and nothing forbids`, source: 'RFC 9110 §15.1' };
}

/** The directive that kept a response from being stored; undefined where none of its fields is what it was. */
export function refusalDirective(headers: HeaderList, reason: string): Because | undefined {
  const said = responseControl(headers);
  if (reason === 'no-store' && said.control.noStore) return directive(said, 'no-store', '5.2.2.5');
  if (reason === 'private' && said.control.private) return directive(said, 'private', '5.2.2.7');
  if (reason === 'vary-star') return { text: `Vary: ${header(headers, 'vary')}`, source: 'RFC 9111 §4.1' };
  return undefined;
}
