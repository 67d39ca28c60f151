import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PitwallError, type ErrorCode } from './errors.ts';

const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The header section is too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['headers_too_large', 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive in time.'],
};

/**
 * What node:http's server event 'clientError' says of a request, as one of ours; undefined where nobody can be told:
 * the client has gone, or part of an answer is on its way and what we'd write now would be taken for more of it.
 */
export function parserRefusal(
  { code }: NodeJS.ErrnoException,
  socket: Duplex & { readonly _httpMessage?: ServerResponse | null },
): PitwallError | undefined {
  if (code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent === true) return undefined;
  const [ours, detail] = REFUSALS[code ?? ''] ?? ['malformed_request', "This isn't a valid HTTP/1.1 request."];
  return new PitwallError(ours, detail);
}
