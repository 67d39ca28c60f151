import type { ClearSource } from '../clear-record.ts';
import { describeEntry, readEntry } from '../entry-codec.ts';
import type { Entry } from '../entry.ts';
import type { Accepts, Level, StoredFor } from '../level.ts';
import type { Timebase } from '../timebase.ts';
import { createPortClearSource } from './disk/clear-source.ts';
import type { DiskState } from './disk/disk-store.ts';
import { answered, createDiskLink } from './disk/link.ts';
import { PIECE_BYTES, type DiskConnection, type FoundRecord, type FoundVariant } from './disk/protocol.ts';
import { layRecord, RECORD_HEAD } from './disk/record.ts';

export interface DiskLevelOptions {
  readonly connection: DiskConnection;
  readonly timebase: Timebase;
  /** A read that takes longer has found nothing, ms. */
  readonly deadlineMs?: number;
  /** Most bytes of entries on their way to the disk; past it a write is dropped. */
  readonly maxPendingBytes?: number;
}

/** The gateway's end of L3 on disk. */
export interface DiskLevel extends Level {
  /** The clear log that the storage thread keeps. */
  readonly clears: ClearSource;
  /** `dropped`: writes that were too many, or came at a bad time. */
  health(): DiskState & { readonly dropped: number };
  /** After the storage thread was started again. */
  reconnect(connection: DiskConnection): void;
  close(): void;
}

/** Longest key, characters; longer ones aren't stored. */
export const MAX_KEY_LENGTH = 65_536;
const DEADLINE_MS = 50;
const MAX_PENDING_BYTES = 64 * 1_048_576;
/** A write, a removal or a clear has this long to be confirmed, ms: nobody's request waits for it. */
const CONFIRM_MS = 5_000;

type Found = { readonly entries: readonly Entry[] } | { readonly variants: readonly FoundVariant[] };

/** Creates the level over `connection`. It asks nothing before the first call, and never blocks its thread. */
export function createDiskLevel(options: DiskLevelOptions): DiskLevel {
  const { timebase, deadlineMs = DEADLINE_MS, maxPendingBytes = MAX_PENDING_BYTES } = options;
  const link = createDiskLink(options.connection);
  /** The ids of the entries that were read and written here: what `remove` compares. */
  const ids = new WeakMap<Entry, number>();
  const writing = new WeakMap<Entry, Promise<boolean>>();
  const reading = new Map<string, Promise<Found>>();
  let pending = 0;
  let dropped = 0;

  function decode(key: string, found: readonly FoundRecord[]): Entry[] {
    return found.flatMap(({ id, record }) => {
      const { buffer, byteOffset, length } = record;
      const entry = readEntry(Buffer.from(buffer, byteOffset + RECORD_HEAD, length - RECORD_HEAD), timebase);
      if (entry === undefined) quietly(link.ask({ ask: 'remove', key, id }, CONFIRM_MS));
      // Two keys may share a hash.
      if (entry?.key !== key) return [];
      ids.set(entry, id);
      return entry;
    });
  }

  async function find(key: string, peek: boolean): Promise<Found> {
    const answer = await link.ask({ ask: 'read', key, peek }, deadlineMs);
    if ('variants' in answer) return answer;
    return { entries: decode(key, answered(answer, 'found').found) };
  }

  /** Reads of one key that are under way are one. */
  function findOnce(key: string): Promise<Found> {
    const known = reading.get(key);
    if (known !== undefined) return known;
    const found = find(key, false).finally(() => reading.delete(key));
    reading.set(key, found);
    return found;
  }

  async function read(key: string, accepts?: Accepts, peek = false): Promise<readonly Entry[] | undefined> {
    if (key.length > MAX_KEY_LENGTH) return undefined;
    try {
      const found = await (peek ? find(key, peek) : findOnce(key));
      if ('entries' in found) return found.entries.length > 0 ? found.entries : undefined;
      const wanted = found.variants.filter(({ vary, varyValues }) => accepts?.(vary, varyValues) ?? true);
      if (wanted.length === 0) return undefined;
      const answer = await link.ask({ ask: 'fetch', key, ids: wanted.map(({ id }) => id), peek }, deadlineMs);
      const entries = decode(key, answered(answer, 'found').found);
      return entries.length > 0 ? entries : undefined;
    } catch {
      return undefined;
    }
  }

  async function send(entry: Entry): Promise<boolean> {
    const description = describeEntry(entry, timebase);
    const bodyAt = RECORD_HEAD + description.length;
    const length = bodyAt + entry.body.length;
    const variant = JSON.stringify([entry.vary, entry.varyValues]);
    const head = { key: entry.key, variant, bytes: entry.bytes, now: timebase.now(), bodyAt };
    pending += entry.bytes;
    try {
      let answer;
      if (length <= PIECE_BYTES) {
        const record = layRecord(description, entry.body);
        answer = await link.ask({ ask: 'write', record, ...head }, CONFIRM_MS, [record.buffer]);
      } else answer = await link.send({ ask: 'begin', length, ...head }, pieces(description, entry.body), CONFIRM_MS);
      const { id } = answered(answer, 'id');
      if (id !== undefined) ids.set(entry, id);
      else dropped += 1;
      return id !== undefined;
    } catch {
      dropped += 1;
      return false;
    } finally {
      pending -= entry.bytes;
    }
  }

  return {
    clears: createPortClearSource(link, CONFIRM_MS),
    read,
    write(entry) {
      if (entry.bytes > link.figures.get('budgetBytes') || entry.key.length > MAX_KEY_LENGTH) return false;
      if (pending + entry.bytes > maxPendingBytes) {
        dropped += 1;
        return false;
      }
      const sent = send(entry);
      writing.set(entry, sent);
      return sent;
    },
    async remove(what: Entry | StoredFor) {
      if ('url' in what)
        return answered(await link.ask({ ask: 'forget', key: what.key, url: what.url }, CONFIRM_MS), 'removed').removed;
      await writing.get(what);
      const id = ids.get(what);
      if (id === undefined) return false;
      return answered(await link.ask({ ask: 'remove', key: what.key, id }, CONFIRM_MS), 'removed').removed;
    },
    stats() {
      const { figures } = link;
      return {
        entries: figures.get('entries'),
        bytes: figures.get('bytes'),
        budgetBytes: figures.get('budgetBytes'),
        evictions: figures.get('evictions'),
      };
    },
    health: () => ({ ...link.state, dropped }),
    reconnect: (connection) => link.reconnect(connection),
    close: () => link.close(),
  };
}

/** A record in pieces, its head still empty; each is copied when its turn comes. */
function* pieces(description: Buffer, body: Buffer): Generator<Uint8Array<ArrayBuffer>> {
  yield layRecord(description, body.subarray(0, 0));
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield new Uint8Array(body.subarray(at, at + PIECE_BYTES));
}

function quietly(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}
