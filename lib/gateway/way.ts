import type { MissReason } from '../contracts/traffic.ts';
import { parseCacheControl } from '../http-cache/cache-control.ts';
import { header } from '../http-cache/header-list.ts';
import type { Asked } from './exchange.ts';
import type { Lookup } from './lookup.ts';

/** Where a request goes once its route is known: it has a key, its body makes one, or it's passed on for this reason. */
export type Way = 'key' | 'key-by-body' | Extract<MissReason, 'bypass' | 'method' | 'range'>;

/** What mode, method and fields leave of the cache. */
export function wayOf(x: Asked): Way {
  const { policy } = x.route.route;
  if (x.route.service.mode === 'bypass') return 'bypass';
  if (x.method === 'POST' && policy.keyBody && x.has('body')) return 'key-by-body';
  if (x.method !== 'GET' && x.method !== 'HEAD') return 'method';
  // What Connection names isn't forwarded: an answer without it must not be stored under a key or Vary with it.
  if (x.has('connectionNames')) return 'bypass';
  // A GET with a body means nothing that a key could hold: it's neither stored nor shared.
  if (x.has('body')) return 'method';
  return hasPrecondition(x) ? 'range' : 'key';
}

/** What becomes of a request with a key, after the levels have answered. */
export type Outcome = 'observe' | 'hit' | 'stale' | 'only-if-cached' | 'pass' | 'revalidate' | 'fetch';

export function outcomeOf(x: Asked, { kind }: Pick<Lookup, 'kind'>): Outcome {
  if (x.route.service.mode === 'observe') return 'observe';
  if (kind === 'fresh') return 'hit';
  if (kind === 'stale') return 'stale';
  if (onlyIfCached(x)) return 'only-if-cached';
  if (kind === 'revalidate') return 'revalidate';
  return x.has('range') ? 'pass' : 'fetch';
}

function hasPrecondition(x: Asked): boolean {
  if (!x.has('conditional')) return false;
  return header(x.headers, 'if-match') !== undefined || header(x.headers, 'if-unmodified-since') !== undefined;
}

function onlyIfCached(x: Asked): boolean {
  if (!x.has('cacheControl') || !x.route.route.policy.honourRequestDirectives) return false;
  return parseCacheControl(header(x.headers, 'cache-control')).onlyIfCached;
}
