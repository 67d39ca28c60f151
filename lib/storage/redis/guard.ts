import type { Clock } from '../../kernel/clock.ts';
import { PitwallError } from '../../kernel/errors.ts';
import type { Guard, GuardState } from '../../kernel/guard.ts';
import { createBreaker, type BreakerLimits } from '../../resilience/breaker.ts';

/** Longest that a request waits for Redis unless somebody says otherwise, ms. */
export const REDIS_DEADLINE_MS = 50;

const LIMITS: BreakerLimits = {
  failures: 3,
  ratio: 0.5,
  minimumCalls: 20,
  window: 1_000,
  openFor: 100,
  maxOpenFor: 1_000,
  probes: 1,
};

/** Answers of a server that can't do its work: as bad as none. */
const UNABLE = /^(LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|BUSY|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM)\b/;

export interface RedisGuardDeps {
  readonly clock: Clock;
  /** 0 to 1, for the pauses' jitter. */
  readonly random: () => number;
  readonly deadlineMs?: number;
}

/**
 * A deadline and a breaker of its own around calls to Redis: a slow or frozen Redis costs a request one deadline, and
 * after three of them nothing but one probe per pause of 0.1 to 1 s.
 */
export function createRedisGuard({ clock, random, deadlineMs = REDIS_DEADLINE_MS }: RedisGuardDeps): Guard {
  let state: GuardState = { kind: 'ok' };
  const breaker = createBreaker(LIMITS, {
    clock,
    random,
    onChange({ to, why }) {
      if (to === 'half-open') return;
      state = to === 'closed' ? { kind: 'ok' } : { kind: 'degraded', why: `Redis isn't asked for a moment: ${why}.` };
    },
  });

  return {
    get state() {
      return state;
    },
    run<T>(call: () => Promise<T>, moreMs = 0): Promise<T> {
      const admitted = breaker.admit();
      if (admitted === undefined) return Promise.reject(unavailable('Redis failed a moment ago and is given a pause.'));
      return new Promise<T>((resolve, reject) => {
        const late = (): void => {
          const why = `no answer within ${deadlineMs + moreMs} ms`;
          admitted.fail(why);
          reject(unavailable(`Redis gave ${why}.`));
        };
        // Where this thread was busy past the deadline, the answer may lie in the socket: that is read first.
        const timer = setTimeout(() => setImmediate(late), deadlineMs + moreMs);
        start(call).then(
          (value) => {
            clearTimeout(timer);
            admitted.succeed();
            resolve(value);
          },
          (error: unknown) => {
            clearTimeout(timer);
            if (isAnswer(error)) {
              admitted.succeed();
              reject(error as Error);
              return;
            }
            // Some words of Redis and its client end with a full stop, most don't.
            const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
            admitted.fail(why);
            reject(unavailable("Redis can't be reached.", error));
          },
        );
      });
    },
  };
}

async function start<T>(call: () => Promise<T>): Promise<T> {
  return call();
}

function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && !UNABLE.test(error.message);
}

function unavailable(detail: string, cause?: unknown): PitwallError {
  return new PitwallError('storage_unavailable', detail, { cause });
}
