import { crc32 } from 'node:zlib';
import { makeEntry, type Entry, type PartialBody } from './entry.ts';
import type { Timebase } from './timebase.ts';

/**
 * An entry as L3 keeps it: a head of 16 bytes, what describes it as JSON, the body.
 * The head: "PWE", a version, then little-endian the CRC-32 of all that follows it, and the lengths of both parts.
 */
const MAGIC = 'PWE';
const VERSION = 1;
/** Of an entry that has parts alone: who knows only version 1 must not take it for a whole. */
const PARTIAL_VERSION = 2;
const HEAD = 16;
const CRC_AT = 4;
const META_LENGTH_AT = 8;
const BODY_LENGTH_AT = 12;
/** An entry from further in the future than this isn't believed to be fresh, ms: its writer's clock was ahead. */
const AHEAD_MS = 1_000;

type Meta = readonly [
  key: string,
  service: string,
  vary: readonly string[],
  varyValues: readonly string[],
  status: number,
  statusMessage: string,
  headers: readonly string[],
  tags: readonly string[],
  clearNumber: number,
  storedAt: number,
  initialAge: number,
  freshUntil: number,
  staleWhileRevalidateUntil: number,
  staleIfErrorUntil: number,
  flags: number,
  etag: string | null,
  lastModified: string | null,
  /** From here on missing where an older version wrote it. */
  ownHeaders?: readonly string[],
  responseDelay?: number,
  /** Of version 2: the whole's length, then the first and last byte of each part. */
  partial?: readonly number[] | null,
];

const MUST_REVALIDATE = 1;
const FOR_AUTHORIZATION = 2;
const FOR_COOKIE = 4;

/** Head and description in front of the body, which isn't copied: write one after the other. Without a checksum yet. */
export function describeEntry(entry: Entry, time: Timebase): Buffer {
  const meta: Meta = [
    entry.key,
    entry.service,
    entry.vary,
    entry.varyValues,
    entry.status,
    entry.statusMessage,
    entry.headers,
    entry.tags,
    entry.clearNumber,
    time.toShared(entry.storedAt),
    entry.initialAge,
    time.toShared(entry.freshUntil),
    time.toShared(entry.staleWhileRevalidateUntil),
    time.toShared(entry.staleIfErrorUntil),
    (entry.mustRevalidate ? MUST_REVALIDATE : 0) |
      (entry.forAuthorization ? FOR_AUTHORIZATION : 0) |
      (entry.forCookie ? FOR_COOKIE : 0),
    entry.etag ?? null,
    entry.lastModified ?? null,
    entry.ownHeaders,
    entry.responseDelay,
    entry.partial === undefined ? null : flatParts(entry.partial),
  ];
  const text = Buffer.from(JSON.stringify(meta));
  const description = Buffer.allocUnsafe(HEAD + text.length);
  description.write(MAGIC, 0, 'latin1');
  description[3] = entry.partial === undefined ? VERSION : PARTIAL_VERSION;
  description.writeUInt32LE(0, CRC_AT);
  description.writeUInt32LE(text.length, META_LENGTH_AT);
  description.writeUInt32LE(entry.body.length, BODY_LENGTH_AT);
  text.copy(description, HEAD);
  return description;
}

/** Writes the checksum of description and body into the description. About 1 ms per 2 MiB. */
export function sealDescription(description: Buffer, body: Uint8Array): void {
  description.writeUInt32LE(crc32(body, crc32(description.subarray(META_LENGTH_AT))), CRC_AT);
}

/** Whether `bytes` are one whole record of a version that is known, unharmed. */
export function isIntact(bytes: Buffer): boolean {
  return hasHead(bytes) && bytes.readUInt32LE(CRC_AT) === crc32(bytes.subarray(META_LENGTH_AT));
}

/** The same by their head and length alone, where something else vouches for them. */
export function hasHead(bytes: Buffer): boolean {
  if (bytes.length < HEAD || bytes.toString('latin1', 0, 3) !== MAGIC) return false;
  if (bytes[3] !== VERSION && bytes[3] !== PARTIAL_VERSION) return false;
  return bytes.length === HEAD + bytes.readUInt32LE(META_LENGTH_AT) + bytes.readUInt32LE(BODY_LENGTH_AT);
}

/** Bytes of head and description together, said by the head. */
export function describedBytes(head: Buffer): number {
  return HEAD + head.readUInt32LE(META_LENGTH_AT);
}

/** Which variant a head and description are of; undefined if they describe none. The checksum isn't looked at. */
export function readVariant(bytes: Buffer): { vary: readonly string[]; varyValues: readonly string[] } | undefined {
  try {
    const [, , vary, varyValues] = JSON.parse(bytes.toString('utf8', HEAD, describedBytes(bytes))) as Meta;
    return { vary, varyValues };
  } catch {
    return undefined;
  }
}

/** The entry in `bytes`, whose body it goes on to use; undefined unless `isIntact`. */
export function decodeEntry(bytes: Buffer, time: Timebase): Entry | undefined {
  return isIntact(bytes) ? readEntry(bytes, time) : undefined;
}

/** The entry in bytes that somebody has found intact; undefined if they describe none all the same. */
export function readEntry(bytes: Buffer, time: Timebase): Entry | undefined {
  const bodyAt = describedBytes(bytes);
  let meta: Meta;
  try {
    meta = JSON.parse(bytes.toString('utf8', HEAD, bodyAt)) as Meta;
  } catch {
    return undefined;
  }
  const partial = readParts(meta[19]);
  if ((bytes[3] === PARTIAL_VERSION) !== (partial !== undefined)) return undefined;
  const [flags, latest] = [meta[14], meta[9] > time.now() + AHEAD_MS ? time.now() : Infinity];
  const until = (shared: number): number => time.toMono(Math.min(shared, latest));
  return makeEntry({
    key: meta[0],
    service: meta[1],
    vary: meta[2],
    varyValues: meta[3],
    status: meta[4],
    statusMessage: meta[5],
    headers: meta[6],
    ownHeaders: meta[17] ?? [],
    body: bytes.subarray(bodyAt),
    partial,
    tags: meta[7],
    clearNumber: meta[8],
    storedAt: until(meta[9]),
    initialAge: meta[10],
    responseDelay: meta[18] ?? 0,
    freshUntil: until(meta[11]),
    staleWhileRevalidateUntil: until(meta[12]),
    staleIfErrorUntil: until(meta[13]),
    mustRevalidate: (flags & MUST_REVALIDATE) !== 0,
    forAuthorization: (flags & FOR_AUTHORIZATION) !== 0,
    forCookie: (flags & FOR_COOKIE) !== 0,
    etag: meta[15] ?? undefined,
    lastModified: meta[16] ?? undefined,
  });
}

function flatParts({ length, ranges }: PartialBody): number[] {
  return [length, ...ranges.flatMap(({ start, end }) => [start, end])];
}

function readParts(flat: readonly number[] | null | undefined): PartialBody | undefined {
  if (flat === undefined || flat === null) return undefined;
  const ranges: { start: number; end: number }[] = [];
  for (let i = 1; i < flat.length; i += 2) ranges.push({ start: flat[i] as number, end: flat[i + 1] as number });
  return { length: flat[0] as number, ranges };
}
