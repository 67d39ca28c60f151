import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../cache/entry.ts';
import type { ClearLog } from '../cache/clear-log.ts';
import type { MemoryLevel } from '../cache/stores/memory-level.ts';
import { matchesVary } from '../http-cache/vary.ts';
import type { Clock } from '../kernel/clock.ts';
import type { LevelSnapshot } from '../contracts/control.ts';
import { createHitStatuses, keyParameter, type HitStatuses } from './cache-status.ts';
import type { HotHit, Slot } from './hot-slot.ts';
import { render, renderedBytes, sendHeaders, sendRendered } from './rendered-response.ts';
import { FACT, NOT_PLAIN, scanHeaders, type Scan } from './request-facts.ts';
import { L1, L2 } from './route-meter.ts';
import type { RouteRuntime } from './service-runtime.ts';
import { createStatusLines } from './status-lines.ts';

/** How long a rendered response is sent without looking at L2, ms (docs/decisions/0003-hot-path.md). */
export const RESIDENCY_MS = 100;

/**
 * Once the budget is full, one in so many candidates takes the place of the oldest slot: a working set larger than the
 * budget then keeps most of what is rendered, instead of rendering everything for nothing.
 */
const ADMIT_ONE_IN = 16;

/** Slots under one raw URL: hosts and variants. */
const MAX_CHAIN = 8;

/** Fixed cost of a slot in bytes, beside its strings. */
const SLOT_OVERHEAD = 384;

export interface HotCacheDeps {
  readonly clock: Clock;
  readonly l2: MemoryLevel;
  readonly clearLog: ClearLog;
  readonly budgetBytes: number;
  readonly pseudonym: string;
  /** Forwarded headers mean something: such requests take the long way. */
  readonly hasTrustedProxies: boolean;
  /** How long a client may take nothing of an answer, ms. */
  readonly sendTimeout: number;
  /** As Keep-Alive tells clients, ms. */
  readonly keepAlive: number;
  nextId(): string;
  /** A key without secrets. */
  redactKey(key: string): string;
  /** Answers of an entry since its last harvest; the hot path itself counts no keys. */
  onHits(entry: Entry, route: RouteRuntime, hits: number): void;
}

/**
 * L1: answers plain GETs from rendered responses, found by the URL as it came, so that a hit parses nothing.
 * Renewing a slot after its residency is one look at L2 and one comparison, never a rebuild.
 */
export class HotCache {
  readonly #deps: HotCacheDeps;
  readonly #byUrl = new Map<string, Slot>();
  /** One slot per entry; insertion order is the order of eviction. */
  #byEntry = new Map<Entry, Slot>();
  /** Slots of before the last `clear`, until they are harvested. */
  #left: Map<Entry, Slot> | undefined;
  /** Where the harvest is. */
  #round: Iterator<Slot> | undefined;
  readonly #statuses: HitStatuses;
  readonly #scan: Scan = { facts: 0, host: undefined };
  #bytes = 0;
  #evictions = 0;
  #declined = 0;
  readonly #statusLine = createStatusLines();
  /** Request id and level of the last answer. */
  lastId = '';
  lastLevel: 'l1' | 'l2' = 'l1';

  constructor(deps: HotCacheDeps) {
    this.#deps = deps;
    this.#statuses = createHitStatuses(deps.pseudonym);
  }

  /** Answers if it can. On true the response has been sent. Allocates nothing but the request id. */
  answer(req: IncomingMessage, res: ServerResponse, start: number): HotHit | undefined {
    const first = this.#byUrl.get(req.url as string);
    if (first === undefined || req.method !== 'GET') return undefined;
    const scan = this.#scan;
    scanHeaders(req.rawHeaders, scan);
    if ((scan.facts & NOT_PLAIN) !== 0) return undefined;
    if (this.#deps.hasTrustedProxies && (scan.facts & FACT.forwarded) !== 0) return undefined;
    const slot = this.#pick(first, req.rawHeaders);
    if (slot === undefined) return undefined;

    const clearHead = this.#deps.clearLog.head;
    if (slot.clearHead !== clearHead) {
      if (this.#deps.clearLog.verdict(slot.entry) !== 'live') return undefined;
      slot.clearHead = clearHead;
    }
    const renewed = start >= slot.until;
    if (renewed && !this.#renew(slot, start)) return undefined;

    this.lastId = this.#deps.nextId();
    this.lastLevel = renewed ? 'l2' : 'l1';
    this.#send(req, res, slot, start);

    slot.hits++;
    const { length } = slot;
    const { meter } = slot.route;
    (meter.results[renewed ? L2 : L1] as number)++;
    (meter.statuses[statusClass(slot)] as number)++;
    meter.bytesSent += length;
    meter.bytesSaved += length;
    meter.hitLatency.record(this.#deps.clock.mono() - start);
    return slot;
  }

  #send(req: IncomingMessage, res: ServerResponse, slot: Slot, now: number): void {
    const age = Math.floor((now - slot.bornAt) / 1_000);
    const ttl = Math.floor((slot.freshUntil - now) / 1_000);
    const status = this.lastLevel === 'l1' ? this.#statuses.l1(ttl) : this.#statuses.l2(ttl);
    if (res.shouldKeepAlive && req.httpVersionMinor === 1) {
      const own = `${slot.statusLine}${age}\r\nX-Request-Id: ${this.lastId}\r\nCache-Status: ${status}`;
      sendRendered(res, own, slot.rendered, slot.entry, slot.length, this.#deps.sendTimeout);
    } else {
      const own = ['Age', String(age), 'Cache-Status', status + this.#toldKey(slot), 'X-Request-Id', this.lastId];
      sendHeaders(res, slot.entry, own, this.#deps.sendTimeout);
    }
  }

  /** Hangs a rendered response on `entry`, which has just answered this request from L2. */
  render(url: string, host: string, entry: Entry, route: RouteRuntime, now: number): void {
    this.drop(entry);
    const mark = this.#deps.l2.markOf(entry.key);
    if (mark === undefined || !this.#admits(renderedBytes(entry))) return;
    const rendered = render(entry, this.#deps.keepAlive, this.#toldKey({ entry, route }));
    const slot: Slot = {
      host,
      varies: entry.vary.length > 0,
      route,
      clearHead: this.#deps.clearLog.head,
      until: 0,
      freshUntil: Math.floor(entry.freshUntil),
      usableUntil: Math.floor(Math.min(entry.freshUntil, entry.residentUntil)),
      hits: 0,
      bornAt: Math.floor(entry.storedAt - entry.initialAge),
      rendered,
      length: entry.body.length,
      statusLine: this.#statusLine(entry),
      mark,
      next: undefined,
      entry,
      url,
      bytes: SLOT_OVERHEAD + url.length + host.length + rendered.length,
    };
    this.#prolong(slot, now);
    this.#append(slot);
    this.#byEntry.set(entry, slot);
    this.#bytes += slot.bytes;
    while (this.#bytes > this.#deps.budgetBytes) this.#evictOldest();
  }

  /** Whether a rendered response hangs on `entry`. */
  holds(entry: Entry): boolean {
    return this.#byEntry.has(entry);
  }

  /** Forgets what hangs on `entry`: L2 no longer holds it. */
  drop(entry: Entry): void {
    const slot = this.#byEntry.get(entry);
    if (slot === undefined) return;
    this.#byEntry.delete(entry);
    this.#bytes -= slot.bytes;
    this.#unlink(slot);
    this.#tellHits(slot);
  }

  /**
   * After a reload routes may have other policies: everything is matched anew. What was hit stays until it's harvested,
   * of the last reload only.
   */
  clear(): void {
    this.#byUrl.clear();
    this.#left = this.#byEntry;
    this.#round = undefined;
    this.#byEntry = new Map();
    this.#bytes = 0;
  }

  /** Hands on the hits of the next `most` slots. Returns whether that was the last of them. */
  harvest(most: number): boolean {
    for (let n = 0; n < most; n++) {
      this.#round ??= (this.#left ?? this.#byEntry).values();
      const { value: slot, done } = this.#round.next();
      if (done !== true) this.#tellHits(slot);
      else {
        this.#round = undefined;
        if (this.#left === undefined) return true;
        this.#left = undefined;
      }
    }
    return false;
  }

  snapshot(): LevelSnapshot {
    return {
      level: 'l1',
      state: 'ok',
      kind: 'memory',
      why: undefined,
      entries: this.#byEntry.size,
      bytes: this.#bytes,
      budgetBytes: this.#deps.budgetBytes,
      evictions: this.#evictions,
      latency: [],
      dropped: 0,
    };
  }

  #tellHits(slot: Slot): void {
    if (slot.hits === 0) return;
    this.#deps.onHits(slot.entry, slot.route, slot.hits);
    slot.hits = 0;
  }

  #pick(first: Slot, headers: readonly string[]): Slot | undefined {
    const { facts, host } = this.#scan;
    for (let slot: Slot | undefined = first; slot !== undefined; slot = slot.next) {
      if (slot.host !== host) continue;
      if (slot.varies && !matchesVary(slot.entry, headers)) continue;
      const { entry, route } = slot;
      if (route.service.mode !== 'cache') return undefined;
      if (facts === 0) return slot;
      if ((facts & FACT.cookie) !== 0 && !entry.forCookie) return undefined;
      if ((facts & FACT.authorization) !== 0 && !entry.forAuthorization) return undefined;
      if ((facts & FACT.cacheControl) !== 0 && route.route.policy.honourRequestDirectives) return undefined;
      return slot;
    }
    return undefined;
  }

  /**
   * Tells L2 of the use, and moves the residency on. That L2 still holds the entry needs no look: it says so by
   * `drop` when it no longer does.
   */
  #renew(slot: Slot, now: number): boolean {
    if (now >= slot.usableUntil) return false;
    slot.mark.uses++;
    this.#prolong(slot, now);
    return true;
  }

  #prolong(slot: Slot, now: number): void {
    slot.until = Math.min(Math.floor(now) + RESIDENCY_MS, slot.usableUntil);
  }

  #append(slot: Slot): void {
    const first = this.#byUrl.get(slot.url);
    if (first === undefined) {
      this.#byUrl.set(slot.url, slot);
      return;
    }
    let last = first;
    let length = 1;
    for (; last.next !== undefined; last = last.next) length++;
    last.next = slot;
    if (length >= MAX_CHAIN) this.drop(first.entry);
  }

  #unlink(slot: Slot): void {
    const first = this.#byUrl.get(slot.url) as Slot;
    if (first !== slot) {
      let before = first;
      while (before.next !== slot) before = before.next as Slot;
      before.next = slot.next;
    } else if (slot.next === undefined) this.#byUrl.delete(slot.url);
    else this.#byUrl.set(slot.url, slot.next);
  }

  /** @param bytes about what the slot will take */
  #admits(bytes: number): boolean {
    const { budgetBytes } = this.#deps;
    if (this.#bytes + bytes <= budgetBytes) return true;
    this.#declined++;
    return bytes <= budgetBytes && this.#declined % ADMIT_ONE_IN === 0;
  }

  /** What the policy adds to Cache-Status. */
  #toldKey({ entry, route }: HotHit): string {
    return route.route.policy.cacheStatusKey ? keyParameter(this.#deps.redactKey(entry.key)) : '';
  }

  #evictOldest(): void {
    const oldest = this.#byEntry.keys().next();
    if (oldest.done === true) return;
    this.drop(oldest.value);
    this.#evictions++;
  }
}

/** Index into `RouteMeter.statuses`: "HTTP/1.1 2…" is class 2, index 1. */
function statusClass(slot: Slot): number {
  return slot.statusLine.charCodeAt(9) - 0x31;
}
