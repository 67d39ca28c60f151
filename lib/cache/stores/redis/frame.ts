/**
 * What a name of L3 holds in Redis: 'E', the fence (16 digits), when it was written (Redis' wall ms, 13 digits), a
 * stamp that no other write has, and the sealed entry; or 'I' and a line per variant, newest first: its id, a space,
 * its description in base64url.
 */
export const FENCE_DIGITS = 16;
export const AT_DIGITS = 13;
export const STAMP_LENGTH = 24;
export const FRAME = 1 + FENCE_DIGITS + AT_DIGITS + STAMP_LENGTH;

const ENTRY = 'E'.charCodeAt(0);
const INDEX = 'I'.charCodeAt(0);

export interface IndexLine {
  readonly id: string;
  readonly vary: readonly string[];
  readonly varyValues: readonly string[];
}

export type Framed =
  | { readonly kind: 'entry'; readonly stamp: string; readonly bytes: Buffer }
  | { readonly kind: 'index'; readonly lines: readonly IndexLine[] };

/** The frame of an entry as it's sent: WRITE fills in fence and time. Joining it there would copy the body again. */
export function blankFrame(stamp: string): Buffer {
  return Buffer.from('E'.padEnd(FRAME - STAMP_LENGTH, '0') + stamp, 'latin1');
}

/** What the bytes are; undefined if they aren't ours. */
export function unframe(bytes: Buffer): Framed | undefined {
  if (bytes[0] === ENTRY && bytes.length > FRAME) {
    const stamp = bytes.toString('latin1', FRAME - STAMP_LENGTH, FRAME);
    return { kind: 'entry', stamp, bytes: bytes.subarray(FRAME) };
  }
  if (bytes[0] !== INDEX) return undefined;
  const lines: IndexLine[] = [];
  for (const line of bytes.toString('latin1', 1).split('\n').slice(0, -1)) {
    const read = readLine(line);
    if (read === undefined) return undefined;
    lines.push(read);
  }
  return { kind: 'index', lines };
}

function readLine(line: string): IndexLine | undefined {
  const [id = '', description = ''] = line.split(' ');
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(description, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(read)) return undefined;
  const [vary, varyValues] = read as unknown[];
  return isTexts(vary) && isTexts(varyValues) ? { id, vary, varyValues } : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
