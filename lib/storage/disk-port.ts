import type { MessagePort } from 'node:worker_threads';
import type { ClearDraft, ClearHead, ClearNews, ClearRecord } from '../cache/clear-record.ts';
import { endOfSlice } from '../cache/clear-slice.ts';
import { describedBytes, readVariant } from '../cache/entry-codec.ts';
import { urlOf } from '../cache/entry-key.ts';
import type { DiskStore } from '../cache/stores/disk/disk-store.ts';
import type { Row } from '../cache/stores/disk/entry-index.ts';
import type { Figures } from '../cache/stores/disk/figures.ts';
import {
  PIECE_BYTES,
  type DiskAnswer,
  type DiskReply,
  type DiskRequest,
  type FoundRecord,
  type FoundVariant,
} from '../cache/stores/disk/protocol.ts';
import { RECORD_HEAD } from '../cache/stores/disk/record.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';

/** The clear log of the embedded product, as its one thread has it. */
export interface EmbeddedClears {
  readonly head: ClearHead;
  since(number: number): ClearNews;
  append(draft: ClearDraft): ClearRecord;
}

export interface DiskHost {
  readonly store: DiskStore;
  readonly clears: EmbeddedClears;
  readonly figures: Figures;
}

type Begin = Extract<DiskRequest, { ask: 'begin' }>;

/** Enough of a record to tell how long its description is. */
const HEADS = RECORD_HEAD + 16;

/** Answers what comes over one port until it closes. */
export function serveDisk(port: MessagePort, { store, clears, figures }: DiskHost): void {
  /** Writes that come in pieces, by number: what has come so far. */
  const incoming = new Map<number, { readonly begin: Begin; readonly record: Buffer; at: number }>();

  /** The news that were asked for last, and how far they were told. */
  let reading: { readonly of: number; readonly news: ClearNews; at: number } | undefined;

  function say(reply: DiskReply, records: readonly FoundRecord[] = []): void {
    port.postMessage(
      reply,
      records.map(({ record }) => record.buffer),
    );
  }

  const answer = (n: number, value: DiskAnswer): void => say({ n, ...value });
  const sizeOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + row.length, 0);

  function give(n: number, found: readonly FoundRecord[]): void {
    say({ n, found }, found);
  }

  async function giveSlowly(n: number, rows: readonly Row[], peek: boolean): Promise<void> {
    say({ n, coming: sizeOf(rows) });
    const found: FoundRecord[] = [];
    for (const row of rows) found.push(...recordOf(row, await store.loadSlowly(row, peek)));
    give(n, found);
  }

  function read(n: number, key: string, peek: boolean): void {
    const rows = store.find(key);
    if (sizeOf(rows) <= PIECE_BYTES)
      return give(
        n,
        rows.flatMap((row) => recordOf(row, store.load(row, peek))),
      );
    if (rows.length === 1) void giveSlowly(n, rows, peek);
    else answer(n, { variants: rows.flatMap((row) => variantOf(row)) });
  }

  function variantOf(row: Row): FoundVariant[] {
    const heads = store.start(row, HEADS);
    const start = heads && store.start(row, RECORD_HEAD + describedBytes(heads.subarray(RECORD_HEAD)));
    const variant = start && readVariant(start.subarray(RECORD_HEAD));
    return variant === undefined ? [] : [{ id: row.id, ...variant }];
  }

  function tellNews(n: number, of: number): void {
    if (reading?.of !== of) throw new PitwallError('storage_unavailable', 'Other news were asked for meanwhile.');
    const { news, at } = reading;
    const end = endOfSlice(news.records, at);
    const left = news.records.length - end;
    reading.at = end;
    if (left === 0) reading = undefined;
    answer(n, { news: { ...news, records: news.records.slice(at, end) }, of, left });
  }

  function begin(request: Begin): void {
    if (request.bytes > figures.get('budgetBytes')) return answer(request.n, { id: undefined });
    incoming.set(request.n, { begin: request, record: Buffer.from(new ArrayBuffer(request.length)), at: 0 });
  }

  function takePiece(n: number, piece: Uint8Array): void {
    const write = incoming.get(n);
    if (write === undefined) return;
    write.record.set(piece, write.at);
    write.at += piece.length;
    store.expect(piece.length);
    if (write.at < write.record.length) return;
    forget(n);
    answer(n, { id: store.write({ ...write.begin, record: write.record }) });
  }

  /** A write has come whole, or won't. */
  function forget(n: number): void {
    store.expect(-(incoming.get(n)?.at ?? 0));
    incoming.delete(n);
  }

  function serve(request: DiskRequest): void {
    const { n } = request;
    if ('piece' in request) return takePiece(n, request.piece);
    switch (request.ask) {
      case 'read':
        return read(n, request.key, request.peek);
      case 'fetch': {
        const rows = request.ids.flatMap((id) => store.row(request.key, id) ?? []);
        return void giveSlowly(n, rows, request.peek);
      }
      case 'write':
        return answer(n, { id: store.write({ ...request, record: Buffer.from(request.record.buffer) }) });
      case 'begin':
        return begin(request);
      case 'remove':
        return answer(n, { removed: store.remove(request.key, request.id) });
      case 'forget':
        for (const [write, { begin }] of incoming) {
          // Its last piece would store it again.
          if (begin.key !== request.key && urlOf(begin.key) !== request.url) continue;
          forget(write);
          answer(write, { id: undefined });
        }
        return answer(n, { removed: store.forget(request.key, request.url) });
      case 'head':
        return answer(n, { clearHead: clears.head });
      case 'since':
        reading = { of: n, news: clears.since(request.number), at: 0 };
        return tellNews(n, n);
      case 'further':
        return tellNews(n, request.of);
      case 'append': {
        const record = clears.append(request.draft);
        figures.set('clearNumber', record.number);
        return answer(n, { record });
      }
    }
  }

  port.on('message', (request: DiskRequest) => {
    try {
      serve(request);
    } catch (cause) {
      const { code, message } = asPitwallError(cause, 'storage_unavailable');
      answer(request.n, { error: { code, message } });
    }
  });
  port.on('close', () => {
    for (const n of [...incoming.keys()]) forget(n);
  });
  say({ state: store.state });
}

function recordOf({ id }: Row, record: Buffer | undefined): FoundRecord[] {
  return record === undefined ? [] : [{ id, record: record as Uint8Array as Uint8Array<ArrayBuffer> }];
}
