import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ID_BYTES, TAG_BYTES, type SealKey } from './seal-key.ts';

/**
 * Bytes under AES-256-GCM, in pieces: a head (version, id of the key, salt), then each piece and its tag. The key is
 * made of the salt for these bytes alone; a piece's nonce is its number and whether it's the last (as in STREAM). So
 * pieces that are missing, more, changed, swapped or of other bytes are found, and so is another name or head.
 */
const VERSION = 1;
const SALT_BYTES = 32;
const SALT_AT = 1 + ID_BYTES;
const HEAD = SALT_AT + SALT_BYTES;
const CIPHER = 'aes-256-gcm';
/** Bytes of a piece before its tag: under 1 ms of work. */
export const PIECE_BYTES = 1_048_576;

/** Goes on in another turn of the loop wherever it yields. */
export type Stepwise<T> = Generator<undefined, T, undefined>;

/**
 * Seals `parts`, one after the other. Yields between two pieces.
 * @param name under which they are kept: sealed bytes open under no other
 */
export function* sealBytes(key: SealKey, name: string, parts: readonly Uint8Array[]): Stepwise<Buffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const count = Math.max(1, Math.ceil(length / PIECE_BYTES));
  const sealed = Buffer.allocUnsafeSlow(HEAD + length + count * TAG_BYTES);
  sealed[0] = VERSION;
  key.id.copy(sealed, 1);
  randomBytes(SALT_BYTES).copy(sealed, SALT_AT);
  const { own, about } = read(key, name, sealed);
  for (let piece = 0, at = HEAD; piece < count; piece++) {
    if (piece > 0) yield;
    const cipher = createCipheriv(CIPHER, own, nonceOf(piece, piece === count - 1)).setAAD(about);
    for (const slice of slicesOf(parts, piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES))
      at += cipher.update(slice).copy(sealed, at);
    cipher.final();
    at += cipher.getAuthTag().copy(sealed, at);
  }
  return sealed;
}

/** The bytes again, in a buffer of their own; undefined unless `sealed` is whole, and of this key and name. */
export function* openBytes(key: SealKey, name: string, sealed: Buffer): Stepwise<Buffer | undefined> {
  const count = Math.max(1, Math.ceil((sealed.length - HEAD) / (PIECE_BYTES + TAG_BYTES)));
  const length = sealed.length - HEAD - count * TAG_BYTES;
  if (length < 0 || sealed[0] !== VERSION || !sealed.subarray(1, SALT_AT).equals(key.id)) return undefined;
  const { own, about } = read(key, name, sealed);
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let piece = 0, at = 0, from = HEAD; piece < count; piece++) {
    if (piece > 0) yield;
    const tagAt = from + Math.min(PIECE_BYTES, length - at);
    const nonce = nonceOf(piece, piece === count - 1);
    const decipher = createDecipheriv(CIPHER, own, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(about).setAuthTag(sealed.subarray(tagAt, tagAt + TAG_BYTES));
    at += decipher.update(sealed.subarray(from, tagAt)).copy(bytes, at);
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    from = tagAt + TAG_BYTES;
  }
  return bytes;
}

/** Runs it, at once where it never yields. */
export function inSteps<T>(work: Stepwise<T>): T | Promise<T> {
  const first = work.next();
  if (first.done === true) return first.value;
  return (async () => {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const step = work.next();
      if (step.done === true) return step.value;
    }
  })();
}

/** What the head stands for: the key of these bytes, and what every tag is about. */
function read(key: SealKey, name: string, sealed: Buffer): { readonly own: Buffer; readonly about: Buffer } {
  const own = key.entryKey(sealed.subarray(SALT_AT, HEAD));
  return { own, about: Buffer.concat([sealed.subarray(0, HEAD), Buffer.from(name)]) };
}

function nonceOf(piece: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(piece, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** What lies from `from` up to `to` of the parts together. */
function* slicesOf(parts: readonly Uint8Array[], from: number, to: number): Generator<Uint8Array> {
  let at = 0;
  for (const part of parts) {
    const slice = part.subarray(Math.max(0, from - at), Math.max(0, to - at));
    if (slice.length > 0) yield slice;
    at += part.length;
  }
}
