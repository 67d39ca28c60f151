import type { Overview, Watch } from '../contracts/overview.ts';
import { createMessage, type Message } from './message.ts';

/** Different overviews kept at a time; each is some 100 KiB at most. */
const MOST_KEPT = 32;

/** Overviews as messages, each made once however many ask for it before the next second. */
export interface Overviews {
  /** @throws what `make` throws */
  of(watch: Watch): Message;
  /** Something has changed: the next to ask gets a new one. */
  forget(): void;
}

/** When everybody comes back at once, after a restart, they all ask for the same few. */
export function createOverviews(make: (watch: Watch) => Overview): Overviews {
  const kept = new Map<string, Message>();
  return {
    of(watch) {
      const key = JSON.stringify(watch);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const message = createMessage('overview', make(watch));
      if (kept.size < MOST_KEPT) kept.set(key, message);
      return message;
    },
    forget: () => kept.clear(),
  };
}
