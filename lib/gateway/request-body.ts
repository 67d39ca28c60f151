import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { header } from '../http-cache/header-list.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { Exchange } from './exchange.ts';

/** The request's body as it streams; one without an announced length is cut at `limit` bytes. */
export function streamBody(x: Exchange, limit: number): Readable | null {
  if (!x.has('body')) return null;
  if (header(x.headers, 'content-length') !== undefined) return x.req;
  return Readable.from(limited(x.req, limit), { objectMode: false });
}

async function* limited(body: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limit) throw new PitwallError('body_too_large', `The body is larger than ${limit} bytes.`);
    yield chunk;
  }
}

/** A body read for its key: whole, or, past the limit, what was read followed by the rest. */
export type KeyBody =
  { readonly kind: 'whole'; readonly body: Buffer } | { readonly kind: 'long'; readonly body: Readable };

/**
 * Reads at most `limit` bytes into memory.
 *
 * @throws PitwallError client_gone when the client leaves half-way
 */
export async function readKeyBody(req: IncomingMessage, limit: number, maxBody: number): Promise<KeyBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const source = req[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const next = await source.next();
      if (next.done === true) return { kind: 'whole', body: Buffer.concat(chunks) };
      chunks.push(next.value);
      bytes += next.value.length;
      if (bytes > limit) break;
    }
  } catch (error) {
    throw new PitwallError('client_gone', 'The client left before its body was complete.', { cause: error });
  }
  const rest = { [Symbol.asyncIterator]: () => source };
  return { kind: 'long', body: Readable.from(limited(joined(chunks, rest), maxBody), { objectMode: false }) };
}

async function* joined(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}
