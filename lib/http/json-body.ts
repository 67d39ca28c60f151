import { PitwallError } from '../kernel/errors.ts';

/** Largest body that the console's API reads, bytes. */
export const BODY_LIMIT = 65_536;

/**
 * Reads a JSON body of at most `limit` bytes, whatever its Content-Length claims.
 * Throws `unsupported_media_type`, `body_too_large` or `malformed_request`.
 */
export async function readJson(request: Request, limit = BODY_LIMIT): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new PitwallError('unsupported_media_type', 'Send the body as Content-Type: application/json.');
  }
  const text = await readText(request, limit);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PitwallError('malformed_request', 'The body is not valid JSON.', { cause: error });
  }
}

async function readText(request: Request, limit: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  const reader = request.body?.getReader();
  if (reader === undefined) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > limit) {
      void reader.cancel().catch(() => undefined);
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
  return decode(Buffer.concat(chunks));
}

/** RFC 8259 section 8.1: JSON between systems is UTF-8. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new PitwallError('malformed_request', 'The body is not valid UTF-8.', { cause: error });
  }
}

function tooLarge(limit: number): PitwallError {
  return new PitwallError('body_too_large', `A body may have at most ${limit} bytes.`);
}
