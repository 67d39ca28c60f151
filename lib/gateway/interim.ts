import { header } from '../http-cache/header-list.ts';
import { listMembers } from '../http-cache/list.ts';
import type { Exchange } from './exchange.ts';

/**
 * Passes an origin's 102 or 103 on to the client that asked. None goes to HTTP/1.0, which would take it for the
 * answer (RFC 9110 section 15.2); hints that can't be sent on are dropped, since they only ever advise.
 */
export function passInterim({ req, res }: Exchange, status: number, headers: readonly string[]): void {
  if (res.headersSent || res.destroyed || req.httpVersion === '1.0') return;
  // A client that doesn't read gets none: they'd pile up.
  if ((res.socket?.writableLength ?? 0) > 0) return;
  if (status === 102) res.writeProcessing();
  else if (status === 103) {
    const link = header(headers, 'link');
    if (link === undefined) return;
    try {
      res.writeEarlyHints({ link: splitLinks(link) });
    } catch {
      // Node found a link malformed before it wrote anything.
    }
  }
}

/** The links of a list; a comma within <> belongs to its link (RFC 8288 section 3). */
function splitLinks(value: string): string[] {
  const links: string[] = [];
  let inside = false;
  for (const member of listMembers(value)) {
    if (inside) links.push(`${links.pop()},${member}`);
    else links.push(member);
    const bracket = Math.max(member.lastIndexOf('<'), member.lastIndexOf('>'));
    if (bracket >= 0) inside = member[bracket] === '<';
  }
  return links;
}
