import type { IncomingHttpHeaders } from 'node:http';

/** What a proxy adds: whoever is behind one isn't at this machine. */
const FORWARDED = /^(?:forwarded|via|x-forwarded-.+|x-real-ip)$/;
const LOOPBACK_PEER = /^(?:::ffff:)?127\.(?:\d{1,3}\.){2}\d{1,3}$|^::1$/;
const LOOPBACK_HOST = /^(?:localhost|127\.(?:\d{1,3}\.){2}\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

/** Whether a request comes from somebody at this machine: by its peer, by the name it asks for, and by no proxy. */
export function isLocal({
  peer,
  headers,
}: {
  readonly peer: string | undefined;
  headers: IncomingHttpHeaders;
}): boolean {
  return (
    peer !== undefined &&
    LOOPBACK_PEER.test(peer) &&
    LOOPBACK_HOST.test(headers.host ?? '') &&
    !Object.keys(headers).some((name) => FORWARDED.test(name))
  );
}
