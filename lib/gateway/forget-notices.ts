import type { ControlBus } from './control-bus.ts';
import { FORGET, isOurs, VERSION, type ForgetNotice } from './control-message.ts';

/** Tells the other instances of a fleet which URLs an unsafe request has changed (RFC 9111 section 4.4). */
export interface ForgetNotices {
  /** Sent within BATCH_MS, once per key. Lost while Redis is away: the clear log is for what must not be. */
  tell(key: string, url: string): void;
  close(): void;
}

/** Notices are gathered this long, ms. */
const BATCH_MS = 10;
/** Most notices in a batch, and most characters of their keys; what comes on top goes into the next. */
const BATCH = 1_000;
const BATCH_CHARACTERS = 1_048_576;
/** Most notices that wait; what comes on top is dropped. */
export const MOST_WAITING = 100_000;

/** @param id of this process: its own notices are left out */
export function createForgetNotices(
  bus: ControlBus,
  { id, onForget }: { readonly id: string; readonly onForget: (key: string, url: string) => void },
): ForgetNotices {
  const waiting = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;

  const end = bus.subscribe(FORGET, {
    message(message) {
      if (!isOurs(message)) return;
      const { from, changed } = message as ForgetNotice;
      if (from !== id) for (const [key, url] of changed) onForget(key, url);
    },
  });

  function flush(): void {
    const changed: [string, string][] = [];
    let characters = 0;
    for (const [key, url] of waiting) {
      if (changed.length === BATCH || characters > BATCH_CHARACTERS) break;
      changed.push([key, url]);
      characters += key.length + url.length;
      waiting.delete(key);
    }
    bus.publish(FORGET, { v: VERSION, from: id, changed } satisfies ForgetNotice).catch(() => undefined);
  }

  function flushSome(): void {
    flush();
    timer = waiting.size > 0 ? setTimeout(flushSome, BATCH_MS).unref() : undefined;
  }

  return {
    tell(key, url) {
      if (waiting.size < MOST_WAITING) waiting.set(key, url);
      timer ??= setTimeout(flushSome, BATCH_MS).unref();
    },
    close() {
      clearTimeout(timer);
      while (waiting.size > 0) flush();
      end();
    },
  };
}
