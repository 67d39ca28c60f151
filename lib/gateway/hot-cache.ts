import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../cache/entry.ts';
import type { ClearLog } from '../cache/clear-log.ts';
import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import { matchesVary } from '../http-cache/vary.ts';
import type { Clock } from '../kernel/clock.ts';
import type { LevelSnapshot } from '../contracts/control.ts';
import { hitStatus } from './cache-status.ts';
import { FACT, NOT_PLAIN, scanHeaders, type Scan } from './request-facts.ts';
import { L1, L2 } from './route-meter.ts';
import type { RouteRuntime } from './service-runtime.ts';

/** How long a rendered response is sent without looking at L2, ms (DESIGN 3). */
export const RESIDENCY_MS = 100;

/** Slots under one raw URL: hosts and variants. */
const MAX_CHAIN = 8;

/** Largest body kept as text beside its entry, bytes. */
const MAX_TEXT = 16_384;

/** Fixed cost of a slot in bytes, beside its strings. */
const SLOT_OVERHEAD = 384;

/** A response ready to send, hung on its L2 entry. */
interface Slot {
  readonly url: string;
  /** Host as clients send it. */
  readonly host: string;
  readonly entry: Entry;
  route: RouteRuntime;
  /** Flat header array, reused for every answer: writeHead reads it at once. */
  readonly head: string[];
  /** Small bodies as Latin-1 text: Node sends text and head in one write, a Buffer in two. */
  readonly body: Buffer | string;
  readonly bytes: number;
  /** Monotonic ms at which L2 is asked again. */
  until: number;
  /** Clear log number that the entry was tested against. */
  clearHead: number;
  /** Age in whole seconds as rendered. */
  age: number;
  statusL1: string;
  statusL2: string;
}

export interface HotHit {
  readonly route: RouteRuntime;
  readonly entry: Entry;
  readonly level: 'l1' | 'l2';
  readonly id: string;
}

export interface HotCacheDeps {
  readonly clock: Clock;
  readonly l2: MemoryLevel;
  readonly clearLog: ClearLog;
  readonly budgetBytes: number;
  readonly pseudonym: string;
  /** Forwarded headers mean something: such requests take the long way. */
  readonly hasTrustedProxies: boolean;
  nextId(): string;
}

/**
 * L1: answers plain GETs from rendered responses, found by the URL as it came, so that a hit parses nothing.
 * Renewing a slot after its residency is one look at L2 and one comparison, never a rebuild.
 */
export class HotCache {
  readonly #deps: HotCacheDeps;
  readonly #byUrl = new Map<string, Slot[]>();
  /** One slot per entry; insertion order is the order of eviction. */
  readonly #byEntry = new Map<Entry, Slot>();
  readonly #scan: Scan = { facts: 0, host: undefined };
  #bytes = 0;
  #evictions = 0;

  constructor(deps: HotCacheDeps) {
    this.#deps = deps;
  }

  /** Answers if it can. On true the response has been sent. Allocates nothing but the request id. */
  answer(req: IncomingMessage, res: ServerResponse, start: number): HotHit | undefined {
    const chain = this.#byUrl.get(req.url as string);
    if (chain === undefined || req.method !== 'GET') return undefined;
    const scan = this.#scan;
    scanHeaders(req.rawHeaders, scan);
    if ((scan.facts & NOT_PLAIN) !== 0) return undefined;
    if (this.#deps.hasTrustedProxies && (scan.facts & FACT.forwarded) !== 0) return undefined;
    const slot = this.#pick(chain, req.rawHeaders);
    if (slot === undefined) return undefined;

    const clearHead = this.#deps.clearLog.head;
    if (slot.clearHead !== clearHead) {
      if (this.#deps.clearLog.verdict(slot.entry) !== 'live') return undefined;
      slot.clearHead = clearHead;
    }
    const { meter } = slot.route;
    const renewed = start >= slot.until;
    if (renewed && !this.#renew(slot, start)) return undefined;

    const { head, entry } = slot;
    const id = this.#deps.nextId();
    head[head.length - 5] = renewed ? slot.statusL2 : slot.statusL1;
    head[head.length - 1] = id;
    if (entry.statusMessage === '') res.writeHead(entry.status, head);
    else res.writeHead(entry.status, entry.statusMessage, head);
    res.end(slot.body, 'latin1');

    (meter.results[renewed ? L2 : L1] as number)++;
    (meter.statuses[((entry.status / 100) | 0) - 1] as number)++;
    meter.bytesSent += slot.body.length;
    meter.bytesSaved += slot.body.length;
    meter.hitLatency.record(this.#deps.clock.mono() - start);
    return { route: slot.route, entry, level: renewed ? 'l2' : 'l1', id };
  }

  /** Hangs a rendered response on `entry`, which has just answered this request from L2. */
  render(url: string, host: string, entry: Entry, route: RouteRuntime, now: number): void {
    this.drop(entry);
    const head = [
      ...entry.headers,
      'Age',
      '',
      'Cache-Status',
      '',
      'Server-Timing',
      'cache;desc="memory"',
      'X-Request-Id',
      '',
    ];
    const body = entry.body.length <= MAX_TEXT ? entry.body.toString('latin1') : entry.body;
    const slot: Slot = {
      url,
      host,
      entry,
      route,
      head,
      body,
      bytes: slotBytes(url, host, head) + (typeof body === 'string' ? body.length : 0),
      until: 0,
      clearHead: this.#deps.clearLog.head,
      age: -1,
      statusL1: '',
      statusL2: '',
    };
    if (slot.bytes > this.#deps.budgetBytes) return;
    this.#stamp(slot, now);
    let chain = this.#byUrl.get(url);
    if (chain === undefined) this.#byUrl.set(url, (chain = []));
    if (chain.length >= MAX_CHAIN) this.drop((chain[0] as Slot).entry);
    chain.push(slot);
    this.#byUrl.set(url, chain);
    this.#byEntry.set(entry, slot);
    this.#bytes += slot.bytes;
    while (this.#bytes > this.#deps.budgetBytes) this.#evictOldest();
  }

  /** Forgets what hangs on `entry`: L2 no longer holds it. */
  drop(entry: Entry): void {
    const slot = this.#byEntry.get(entry);
    if (slot === undefined) return;
    this.#byEntry.delete(entry);
    this.#bytes -= slot.bytes;
    const chain = this.#byUrl.get(slot.url) as Slot[];
    chain.splice(chain.indexOf(slot), 1);
    if (chain.length === 0) this.#byUrl.delete(slot.url);
  }

  /** After a reload routes may have other policies: everything is matched anew. */
  clear(): void {
    this.#byUrl.clear();
    this.#byEntry.clear();
    this.#bytes = 0;
  }

  snapshot(): LevelSnapshot {
    return {
      level: 'l1',
      state: 'ok',
      entries: this.#byEntry.size,
      bytes: this.#bytes,
      budgetBytes: this.#deps.budgetBytes,
      evictions: this.#evictions,
    };
  }

  #pick(chain: readonly Slot[], headers: readonly string[]): Slot | undefined {
    const { facts, host } = this.#scan;
    for (const slot of chain) {
      if (slot.host !== host) continue;
      const { entry, route } = slot;
      if (entry.vary.length > 0 && !matchesVary(entry, headers)) continue;
      if (route.service.mode !== 'cache') return undefined;
      if (facts === 0) return slot;
      if ((facts & FACT.cookie) !== 0 && !entry.forCookie) return undefined;
      if ((facts & FACT.authorization) !== 0 && !entry.forAuthorization) return undefined;
      if ((facts & FACT.cacheControl) !== 0 && route.route.policy.honourRequestDirectives) return undefined;
      return slot;
    }
    return undefined;
  }

  /** Asks L2, which also notes the use for eviction, and moves the residency on. */
  #renew(slot: Slot, now: number): boolean {
    if (now >= slot.entry.freshUntil) return false;
    const variants = this.#deps.l2.read(slot.entry.key);
    if (variants === undefined || !variants.includes(slot.entry)) return false;
    this.#stamp(slot, now);
    return true;
  }

  #stamp(slot: Slot, now: number): void {
    const { entry, head } = slot;
    slot.until = Math.min(now + RESIDENCY_MS, entry.freshUntil);
    const age = Math.floor((now - entry.storedAt + entry.initialAge) / 1_000);
    if (age === slot.age) return;
    slot.age = age;
    head[head.length - 7] = String(age);
    slot.statusL1 = hitStatus(this.#deps.pseudonym, entry, now, 'l1');
    slot.statusL2 = hitStatus(this.#deps.pseudonym, entry, now, 'l2');
  }

  #evictOldest(): void {
    const oldest = this.#byEntry.keys().next();
    if (oldest.done === true) return;
    this.drop(oldest.value);
    this.#evictions++;
  }
}

function slotBytes(url: string, host: string, head: readonly string[]): number {
  let bytes = SLOT_OVERHEAD + url.length + host.length;
  for (const text of head) bytes += text.length;
  return bytes;
}
