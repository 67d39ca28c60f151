import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../cache/entry.ts';
import type { ClearLog } from '../cache/clear-log.ts';
import type { MemoryLevel, UseMark } from '../cache/stores/memory-level.ts';
import { matchesVary } from '../http-cache/vary.ts';
import type { Clock } from '../kernel/clock.ts';
import type { LevelSnapshot } from '../contracts/control.ts';
import { createHitStatuses, type HitStatuses } from './cache-status.ts';
import { renderHead, sendHeaders, sendRendered } from './rendered-head.ts';
import { FACT, NOT_PLAIN, scanHeaders, type Scan } from './request-facts.ts';
import { L1, L2 } from './route-meter.ts';
import type { RouteRuntime } from './service-runtime.ts';

/** How long a rendered response is sent without looking at L2, ms (DESIGN 3). */
export const RESIDENCY_MS = 100;

/**
 * Once the budget is full, one in so many candidates takes the place of the oldest slot: a working set larger than the
 * budget then keeps most of what is rendered, instead of rendering everything for nothing.
 */
const ADMIT_ONE_IN = 16;

/** Slots under one raw URL: hosts and variants. */
const MAX_CHAIN = 8;

/** Largest body kept as text beside its entry, bytes. */
const MAX_TEXT = 16_384;

/** Fixed cost of a slot in bytes, beside its strings. */
const SLOT_OVERHEAD = 384;

/** A response ready to send, hung on its L2 entry. What a plain hit needs is copied here: one object, few cache lines. */
interface Slot extends HotHit {
  readonly url: string;
  /** Host as clients send it. */
  readonly host: string;
  readonly varies: boolean;
  readonly status: number;
  /** Whole ms, like all times here: V8 keeps small integers in the object, doubles in a box of their own. */
  readonly freshUntil: number;
  /** When the response was born, by its age. */
  readonly bornAt: number;
  level: 'l1' | 'l2';
  /** The response head as it goes on the wire, up to the value of Age. */
  readonly head: string;
  /** Small bodies as Latin-1 text: Node sends text and head in one write, a Buffer in two. */
  readonly body: Buffer | string;
  readonly bytes: number;
  /** Monotonic ms at which L2 is asked again. */
  until: number;
  /** Clear log number that the entry was tested against. */
  clearHead: number;
  /** Tells L2's eviction that the entry is in use. */
  readonly mark: UseMark;
  /** In whole seconds, as of the last stamp. */
  age: number;
  ttl: number;
  /** Another host or variant under the same URL. */
  next: Slot | undefined;
}

/** The answer that was just sent. Valid until the next one: it's the slot itself. */
export interface HotHit {
  readonly route: RouteRuntime;
  readonly entry: Entry;
  readonly level: 'l1' | 'l2';
}

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
}

/**
 * L1: answers plain GETs from rendered responses, found by the URL as it came, so that a hit parses nothing.
 * Renewing a slot after its residency is one look at L2 and one comparison, never a rebuild.
 */
export class HotCache {
  readonly #deps: HotCacheDeps;
  readonly #byUrl = new Map<string, Slot>();
  /** One slot per entry; insertion order is the order of eviction. */
  readonly #byEntry = new Map<Entry, Slot>();
  readonly #statuses: HitStatuses;
  readonly #scan: Scan = { facts: 0, host: undefined };
  #bytes = 0;
  #evictions = 0;
  #declined = 0;
  #lastId = '';

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

    const { status, body } = slot;
    slot.level = renewed ? 'l2' : 'l1';
    this.#lastId = this.#deps.nextId();
    const cacheStatus = renewed ? this.#statuses.l2(slot.ttl) : this.#statuses.l1(slot.ttl);
    const id = this.#lastId;
    if (res.shouldKeepAlive && req.httpVersionMinor === 1) {
      const head = `${slot.head}${slot.age}\r\nCache-Status: ${cacheStatus}\r\nX-Request-Id: ${id}\r\n\r\n`;
      sendRendered(res, status, head, body, this.#deps.sendTimeout);
    } else {
      const own = ['Age', String(slot.age), 'Cache-Status', cacheStatus, 'X-Request-Id', id];
      sendHeaders(res, slot.entry, own, body, this.#deps.sendTimeout);
    }

    const { meter } = slot.route;
    (meter.results[renewed ? L2 : L1] as number)++;
    (meter.statuses[((status / 100) | 0) - 1] as number)++;
    meter.bytesSent += body.length;
    meter.bytesSaved += body.length;
    meter.hitLatency.record(this.#deps.clock.mono() - start);
    return slot;
  }

  /** The request id of the last answer. */
  get lastId(): string {
    return this.#lastId;
  }

  /** Hangs a rendered response on `entry`, which has just answered this request from L2. */
  render(url: string, host: string, entry: Entry, route: RouteRuntime, now: number): void {
    this.drop(entry);
    const isText = entry.body.length <= MAX_TEXT;
    if (!this.#admits(isText ? entry.bytes : entry.bytes - entry.body.length)) return;
    const head = renderHead(entry, this.#deps.keepAlive);
    const body = isText ? entry.body.toString('latin1') : entry.body;
    const mark = this.#deps.l2.markOf(entry.key);
    if (mark === undefined) return;
    const slot: Slot = {
      url,
      host,
      entry,
      route,
      varies: entry.vary.length > 0,
      status: entry.status,
      freshUntil: Math.floor(entry.freshUntil),
      bornAt: Math.floor(entry.storedAt - entry.initialAge),
      level: 'l2',
      head,
      body,
      bytes: SLOT_OVERHEAD + url.length + host.length + head.length + (typeof body === 'string' ? body.length : 0),
      until: 0,
      clearHead: this.#deps.clearLog.head,
      mark,
      age: 0,
      ttl: 0,
      next: undefined,
    };
    this.#stamp(slot, now);
    this.#append(slot);
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
    this.#unlink(slot);
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
    if (now >= slot.freshUntil) return false;
    slot.mark.visited = true;
    this.#stamp(slot, now);
    return true;
  }

  #stamp(slot: Slot, now: number): void {
    slot.until = Math.min(Math.floor(now) + RESIDENCY_MS, slot.freshUntil);
    slot.ttl = Math.floor((slot.freshUntil - now) / 1_000);
    slot.age = Math.floor((now - slot.bornAt) / 1_000);
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

  #evictOldest(): void {
    const oldest = this.#byEntry.keys().next();
    if (oldest.done === true) return;
    this.drop(oldest.value);
    this.#evictions++;
  }
}
