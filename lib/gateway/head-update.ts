import { makeEntry, wholeLength, type Entry } from '../cache/entry.ts';
import { header, type HeaderList } from '../http-cache/header-list.ts';
import { describes } from '../http-cache/validators.ts';
import { matchesVary } from '../http-cache/vary.ts';
import type { OriginHead } from './attempt.ts';
import type { GatewayContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { judge, refreshedEntry } from './judge.ts';
import { withheldFor } from './may-have.ts';

/**
 * A 200 to HEAD tells of the stored answers to GET that could have been chosen for it: of the same representation it
 * updates them as a 304 would, of another it makes them stale (RFC 9111 section 4.3.5).
 *
 * @param clearNumber that the clear log had reached when the HEAD was sent
 */
export function updateByHead(
  context: GatewayContext,
  x: Exchange,
  key: string,
  head: OriginHead,
  clearNumber: number,
): void {
  if (isForOne(context, x, head)) return;
  for (const held of context.l2.read(key, undefined, true) ?? []) {
    if (!couldBeChosen(held, x) || held.storedAt > head.requestedAt || context.clearLog.verdict(held) === 'hard')
      continue;
    const same = isSame(held, head.headers);
    if (same === true) {
      const updated = refreshedEntry(x, held, head, context.clock, clearNumber);
      if (updated === undefined) context.drop(held);
      else void context.store(updated);
    } else if (same === false && held.freshUntil > head.receivedAt) void context.store(staleAt(held, head.receivedAt));
  }
}

/** Whether credentials keep the answer from others: its fields aren't theirs (RFC 9111 section 3.5). */
function isForOne({ clock }: GatewayContext, x: Exchange, head: OriginHead): boolean {
  if (!x.has('authorization') && !x.has('cookie')) return false;
  const judged = judge(x, head, clock, 'confirmed');
  return !judged.store && (judged.reason === 'authorization' || judged.reason === 'cookie');
}

function couldBeChosen(held: Entry, x: Exchange): boolean {
  return held.status === 200 && matchesVary(held, x.headers) && withheldFor(held, x) === undefined;
}

/** Whether the head is of what is stored; undefined where nothing in it tells. */
function isSame(held: Entry, headers: HeaderList): boolean | undefined {
  const [etag, modified, length] = [
    header(headers, 'etag'),
    header(headers, 'last-modified'),
    header(headers, 'content-length'),
  ];
  if (length !== undefined && length.trim() !== String(wholeLength(held))) return false;
  if (etag !== undefined && (held.etag === undefined || !describes(headers, held))) return false;
  if (modified !== undefined && modified !== held.lastModified) return false;
  return etag !== undefined || modified !== undefined ? true : undefined;
}

/** The entry with its freshness ended; its graces, counted from then, stay. */
function staleAt(held: Entry, now: number): Entry {
  const early = held.freshUntil - now;
  return makeEntry({
    ...held,
    freshUntil: now,
    staleWhileRevalidateUntil: held.staleWhileRevalidateUntil - early,
    staleIfErrorUntil: held.staleIfErrorUntil - early,
  });
}
