import type { Entry } from '../cache/entry.ts';
import type { UseMark } from '../cache/stores/memory-level.ts';
import type { RouteRuntime } from './service-runtime.ts';

/** What was just sent. */
export interface HotHit {
  readonly route: RouteRuntime;
  readonly entry: Entry;
}

/**
 * A response ready to send, hung on its L2 entry. What a plain hit reads is copied here and stands first: with
 * thousands of slots in rotation, a hit's price is its misses in the processor's caches.
 */
export interface Slot extends HotHit {
  /** Host as clients send it. */
  readonly host: string;
  readonly varies: boolean;
  readonly route: RouteRuntime;
  /** Clear log number that the entry was tested against. */
  clearHead: number;
  /** Monotonic ms at which L2 is asked again. Whole, like all times here: V8 boxes doubles. */
  until: number;
  readonly freshUntil: number;
  /** No residency goes beyond: stale then, or L3 is to be asked again. */
  readonly usableUntil: number;
  /** Answers since the last harvest. */
  hits: number;
  /** When the response was born, by its age. */
  readonly bornAt: number;
  readonly rendered: string;
  readonly length: number;
  readonly statusLine: string;
  /** Tells L2's eviction that the entry is in use. */
  readonly mark: UseMark;
  /** Another host or variant under the same URL. */
  next: Slot | undefined;
  readonly entry: Entry;
  readonly url: string;
  readonly bytes: number;
}
