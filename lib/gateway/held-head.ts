import { asPitwallError } from '../kernel/errors.ts';
import type { OriginAttempt, OriginHead, OriginSink } from './attempt.ts';

/**
 * An attempt whose head, and all that follows it, reaches `sink` only after what `before` has to do.
 *
 * @param start sends it
 * @param before called with the head; undefined: nothing to wait for. Never rejects
 */
export function holdHead(
  sink: OriginSink,
  before: (head: OriginHead) => Promise<void> | undefined,
  start: (sink: OriginSink) => OriginAttempt,
): OriginAttempt {
  /** What has come while the head is held, in order; each says whether more is wanted. */
  let held: (() => boolean)[] | undefined;
  let cancelled = false;

  /** Now, or when the head is let go: then the sender pauses meanwhile. */
  function pass(event: () => boolean): boolean {
    if (held === undefined) return event();
    held.push(event);
    return false;
  }

  function release(): void {
    const events = held ?? [];
    held = undefined;
    let wantsMore = true;
    try {
      for (const event of events) if (!cancelled) wantsMore = event();
    } catch (error) {
      cancelled = true;
      attempt.cancel();
      sink.onFail(asPitwallError(error));
    }
    if (wantsMore && !cancelled) attempt.resume();
  }

  const attempt = start({
    onInfo: (status, headers) => sink.onInfo(status, headers),
    onHead(head) {
      const ready = before(head);
      if (ready !== undefined) held = [];
      pass(() => {
        sink.onHead(head);
        return true;
      });
      void ready?.then(release);
    },
    onData: (chunk) => pass(() => sink.onData(chunk)),
    onEnd: (trailers) =>
      void pass(() => {
        sink.onEnd(trailers);
        return false;
      }),
    onFail: (error) =>
      void pass(() => {
        sink.onFail(error);
        return false;
      }),
  });
  return {
    cancel() {
      cancelled = true;
      attempt.cancel();
    },
    resume() {
      if (held === undefined) attempt.resume();
    },
  };
}
