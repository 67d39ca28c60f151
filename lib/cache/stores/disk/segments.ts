import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  read,
  readdirSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** A file of records, appended one after the other and never written over. */
export interface Segment {
  readonly number: number;
  readonly fd: number;
  /** Its length in bytes. */
  size: number;
  /** Rows of the index that point into it. */
  live: number;
  /** Bytes that were carried out of it so far. */
  carried: number;
  /** Reads under way: it's closed when the last has ended. */
  readers: number;
  gone: boolean;
}

export interface Place {
  readonly segment: number;
  readonly offset: number;
}

export interface Segments {
  /** Length of all files together in bytes. */
  readonly size: number;
  /** How large a file grows, bytes; a record that is larger has one of its own. */
  readonly segmentBytes: number;
  readonly oldest: Segment | undefined;
  all(): Segment[];
  get(number: number): Segment | undefined;
  /** Whether the next record may go there. */
  isActive(segment: Segment): boolean;
  /** Nothing more is appended to it. */
  seal(segment: Segment): void;
  /** Appends a record. @throws the file system's error; then nothing has changed */
  append(record: Buffer): Place;
  /** Up to `length` bytes from a place; undefined where there are fewer or the file can't be read. */
  read(place: Place, length: number): Buffer | undefined;
  /** The same in pieces, so that others get their turn. */
  readSlowly(place: Place, length: number): Promise<Buffer | undefined>;
  /** Writes over the start of a record, which takes no room. Best effort. */
  spoil(place: Place, bytes: Buffer): void;
  /** Removes a file. */
  drop(number: number): void;
  /** Numbers no new file lower than this. */
  startAbove(number: number): void;
  close(): void;
}

const PIECE = 1_048_576;
const NAME = /^(\d{8})\.segment$/;

/** Opens the segment files of a directory. @throws the file system's error */
export function openSegments(directory: string, segmentBytes: number): Segments {
  const segments = new Map<number, Segment>();
  let size = 0;
  let last = 0;
  /** Where the next record goes. */
  let active: Segment | undefined;

  const fileOf = (number: number): string => join(directory, `${String(number).padStart(8, '0')}.segment`);

  function open(number: number): Segment {
    // Not for appending: that would write at the end whatever the offset, and a record is spoiled where it stands.
    const fd = openSync(fileOf(number), constants.O_RDWR | constants.O_CREAT, 0o600);
    const segment: Segment = { number, fd, size: fstatSync(fd).size, live: 0, carried: 0, readers: 0, gone: false };
    size += segment.size;
    last = Math.max(last, number);
    segments.set(number, segment);
    return segment;
  }

  function forRecord(length: number): Segment {
    if (active === undefined || (active.size > 0 && active.size + length > segmentBytes)) active = open(last + 1);
    return active;
  }

  function within({ segment: number, offset }: Place, length: number): Segment | undefined {
    const segment = segments.get(number);
    return segment !== undefined && offset >= 0 && length >= 0 && offset + length <= segment.size ? segment : undefined;
  }

  function release(segment: Segment): void {
    if (segment.gone && segment.readers === 0) closeSync(segment.fd);
  }

  const numbers = readdirSync(directory).flatMap((name) => NAME.exec(name)?.[1] ?? []);
  for (const number of numbers.map(Number).sort((a, b) => a - b)) active = open(number);

  return {
    segmentBytes,
    get size() {
      return size;
    },
    get oldest() {
      return segments.values().next().value;
    },
    all: () => [...segments.values()],
    get: (number) => segments.get(number),
    isActive: (segment) => active === segment,
    seal(segment) {
      if (active === segment) active = undefined;
    },
    append(record) {
      const segment = forRecord(record.length);
      const offset = segment.size;
      try {
        for (let at = 0; at < record.length;) {
          at += writeSync(segment.fd, record, at, record.length - at, offset + at);
        }
      } catch (error) {
        // What a full disk took of it is given back; if even that fails, nothing points there.
        truncate(segment.fd, offset);
        throw error;
      }
      segment.size += record.length;
      size += record.length;
      return { segment: segment.number, offset };
    },
    read(place, length) {
      const segment = within(place, length);
      if (segment === undefined) return undefined;
      const bytes = Buffer.from(new ArrayBuffer(length));
      try {
        return readSync(segment.fd, bytes, 0, length, place.offset) === length ? bytes : undefined;
      } catch {
        return undefined;
      }
    },
    async readSlowly(place, length) {
      const segment = within(place, length);
      if (segment === undefined) return undefined;
      const bytes = Buffer.from(new ArrayBuffer(length));
      segment.readers += 1;
      try {
        for (let at = 0; at < length;) {
          const got = await readPiece(segment.fd, bytes, at, Math.min(PIECE, length - at), place.offset + at);
          if (got === 0) return undefined;
          at += got;
        }
        return bytes;
      } catch {
        return undefined;
      } finally {
        segment.readers -= 1;
        release(segment);
      }
    },
    spoil(place, bytes) {
      const segment = within(place, bytes.length);
      if (segment === undefined) return;
      try {
        writeSync(segment.fd, bytes, 0, bytes.length, place.offset);
      } catch {
        return;
      }
    },
    drop(number) {
      const segment = segments.get(number);
      if (segment === undefined) return;
      segments.delete(number);
      if (active === segment) active = undefined;
      size -= segment.size;
      segment.gone = true;
      try {
        unlinkSync(fileOf(number));
      } finally {
        release(segment);
      }
    },
    startAbove(number) {
      if (number > last) active = undefined;
      last = Math.max(last, number);
    },
    close() {
      for (const segment of segments.values()) {
        segment.gone = true;
        release(segment);
      }
      segments.clear();
      active = undefined;
      size = 0;
    },
  };
}

function truncate(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    return;
  }
}

function readPiece(fd: number, bytes: Buffer, at: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) =>
    read(fd, bytes, at, length, position, (error, got) => (error === null ? resolve(got) : reject(error))),
  );
}
