import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request comes from a page of this host, or from no page at all: another site's page mustn't read along. */
export function isSameHost({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
