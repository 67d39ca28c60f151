import type { MissReason } from '../contracts/traffic.ts';
import { parseCacheControl } from '../http-cache/cache-control.ts';
import { header } from '../http-cache/header-list.ts';
import { asksPart, isPassedRange } from './asked-range.ts';
import type { Validators } from '../http-cache/validators.ts';
import { FACT } from './request-facts.ts';
import type { Asked } from './exchange.ts';
import type { Lookup } from './lookup.ts';

/** Where a request goes once its route is known: it has a key, its body makes one, or it's passed on for this reason. */
export type Way = 'key' | 'key-by-body' | Extract<MissReason, 'bypass' | 'method' | 'range'>;

/** What of a request says whether it has a key. */
export type Keying = Pick<Asked, 'method' | 'headers' | 'facts' | 'route'>;

/** What mode, method and fields leave of the cache. */
export function wayOf(x: Keying): Way {
  const { policy } = x.route.route;
  const hasBody = (x.facts & FACT.body) !== 0;
  if (x.route.service.mode === 'bypass') return 'bypass';
  if (x.method === 'POST' && policy.keyBody && hasBody) return 'key-by-body';
  if (x.method !== 'GET' && x.method !== 'HEAD') return 'method';
  // What Connection names isn't forwarded: an answer without it must not be stored under a key or Vary with it.
  if ((x.facts & FACT.connectionNames) !== 0) return 'bypass';
  // A GET with a body means nothing that a key could hold: it's neither stored nor shared.
  if (hasBody) return 'method';
  return hasPrecondition(x) ? 'range' : 'key';
}

/** Whether it has a key, unless a body turns out to be too long for one. */
export function isKeyed(x: Keying): boolean {
  const way = wayOf(x);
  return way === 'key' || way === 'key-by-body';
}

/** What becomes of a request with a key, after the levels have answered. */
export type Outcome = 'observe' | 'hit' | 'stale' | 'only-if-cached' | 'pass' | 'part' | 'revalidate' | 'fetch';

export function outcomeOf(x: Asked, { kind, entry }: Lookup): Outcome {
  if (x.route.service.mode === 'observe') return 'observe';
  if (kind === 'fresh') return 'hit';
  if (kind === 'stale') return 'stale';
  if (onlyIfCached(x)) return 'only-if-cached';
  // The client's own conditions on a range are the origin's to answer.
  if (isPassedRange(x) && (kind === 'miss' || entry.partial !== undefined)) return 'pass';
  // Without validators there is nothing that the origin could confirm.
  if (kind === 'revalidate') return isConfirmable(entry) ? 'revalidate' : 'fetch';
  return asksPart(x) ? 'part' : 'fetch';
}

function isConfirmable(validators: Validators): boolean {
  return validators.etag !== undefined || validators.lastModified !== undefined;
}

function hasPrecondition(x: Keying): boolean {
  if ((x.facts & FACT.conditional) === 0) return false;
  return header(x.headers, 'if-match') !== undefined || header(x.headers, 'if-unmodified-since') !== undefined;
}

function onlyIfCached(x: Asked): boolean {
  if (!x.has('cacheControl') || !x.route.route.policy.honourRequestDirectives) return false;
  return parseCacheControl(header(x.headers, 'cache-control')).onlyIfCached;
}
