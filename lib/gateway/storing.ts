import { urlOf } from '../cache/entry-key.ts';

/** A response on its way into the levels, from the origin or from L3. */
export interface PendingStore {
  readonly key: string;
  readonly url: string;
  /** An unsafe request has changed what is behind the URL meanwhile: neither stored nor shared any more. */
  overtaken: boolean;
}

/** What is on its way into the levels, so that an unsafe method knows what it has to overtake. */
export interface Storing {
  enter(key: string): PendingStore;
  leave(pending: PendingStore): void;
  has(key: string): boolean;
  /** Whatever is on its way for this URL, under any key, comes too late. @returns whether anything was */
  overtake(url: string): boolean;
}

export function createStoring(): Storing {
  const byUrl = new Map<string, Set<PendingStore>>();
  return {
    enter(key) {
      const pending = { key, url: urlOf(key), overtaken: false };
      const known = byUrl.get(pending.url);
      if (known === undefined) byUrl.set(pending.url, new Set([pending]));
      else known.add(pending);
      return pending;
    },
    leave(pending) {
      const known = byUrl.get(pending.url);
      if (known?.delete(pending) && known.size === 0) byUrl.delete(pending.url);
    },
    has(key) {
      for (const pending of byUrl.get(urlOf(key)) ?? []) if (pending.key === key) return true;
      return false;
    },
    overtake(url) {
      const known = byUrl.get(url);
      for (const pending of known ?? []) pending.overtaken = true;
      return known !== undefined;
    },
  };
}
