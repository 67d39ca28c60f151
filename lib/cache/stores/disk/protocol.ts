import type { MessagePort } from 'node:worker_threads';
import type { ClearDraft, ClearHead, ClearNews, ClearRecord } from '../../clear-record.ts';
import type { ErrorCode } from '../../../kernel/errors.ts';
import type { DiskState } from './disk-store.ts';

/** How a thread reaches the storage thread: plain, to be handed to a worker (`port` goes into the transfer list). */
export interface DiskConnection {
  readonly port: MessagePort;
  /** Of `createFigures`. */
  readonly head: SharedArrayBuffer;
  /** The latest shared time ever written down, ms; for `createTimebase`. */
  readonly seen: number;
}

/** A record travels whole up to this size; a larger one in pieces of it. Bytes. */
export const PIECE_BYTES = 1_048_576;

/** What every write says of itself. */
interface WriteHead {
  readonly key: string;
  readonly variant: string;
  readonly bytes: number;
  readonly now: number;
  readonly bodyAt: number;
}

export type DiskAsk =
  | { readonly ask: 'read'; readonly key: string; readonly peek: boolean }
  /** Some variants of a key, after the answer `variants`. */
  | { readonly ask: 'fetch'; readonly key: string; readonly ids: readonly number[]; readonly peek: boolean }
  | ({ readonly ask: 'write'; readonly record: Uint8Array<ArrayBuffer> } & WriteHead)
  /** Followed by pieces under the same number until they are `length` bytes. */
  | ({ readonly ask: 'begin'; readonly length: number } & WriteHead)
  | { readonly ask: 'remove'; readonly key: string; readonly id: number }
  | { readonly ask: 'forget'; readonly key: string; readonly url: string }
  | { readonly ask: 'head' }
  | { readonly ask: 'since'; readonly number: number }
  /** What is left of the news `of`, which are the last that were asked for. */
  | { readonly ask: 'further'; readonly of: number }
  | { readonly ask: 'append'; readonly draft: ClearDraft };

/** `n` is the number that the answer carries. */
export type DiskRequest =
  ({ readonly n: number } & DiskAsk) | { readonly n: number; readonly piece: Uint8Array<ArrayBuffer> };

export interface FoundRecord {
  readonly id: number;
  readonly record: Uint8Array<ArrayBuffer>;
}

/** A variant whose record is too large to be sent unasked. */
export interface FoundVariant {
  readonly id: number;
  readonly vary: readonly string[];
  readonly varyValues: readonly string[];
}

export type DiskAnswer =
  | { readonly found: readonly FoundRecord[] }
  | { readonly variants: readonly FoundVariant[] }
  /** The id of what was written; undefined if it can't be held. */
  | { readonly id: number | undefined }
  | { readonly removed: boolean }
  | { readonly clearHead: ClearHead }
  /** One slice of the news `of`; `left`: how many records follow. */
  | { readonly news: ClearNews; readonly of: number; readonly left: number }
  | { readonly record: ClearRecord }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };

export type DiskReply =
  | ({ readonly n: number } & DiskAnswer)
  /** The answer to `n` is on its way: so many bytes from a disk. */
  | { readonly n: number; readonly coming: number }
  | { readonly state: DiskState };
