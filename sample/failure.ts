import { z } from 'zod';
import type { Clock } from '../lib/kernel/clock.ts';

export const FAILURE_MODES = ['error', 'hang', 'reset'] as const;
/** error = 503 at once; hang = take the request and never answer; reset = cut the connection. */
export type FailureMode = (typeof FAILURE_MODES)[number];

/** Body of POST /_sample/fail. */
export const failureSchema = z.strictObject({
  seconds: z.number().gt(0).max(3_600),
  mode: z.enum(FAILURE_MODES).default('error'),
  /** Only paths that start with it fail. */
  path: z.string().startsWith('/').max(256).default('/'),
});
export type Failure = z.infer<typeof failureSchema>;

/** The switch behind /_sample/fail: what fails, and until when. */
export interface FailureSwitch {
  fail(failure: Failure): void;
  heal(): void;
  /** How a request to `path` fails now; undefined = it doesn't. */
  modeFor(path: string): FailureMode | undefined;
}

export function createFailureSwitch({ clock }: { clock: Clock }): FailureSwitch {
  let current: { readonly failure: Failure; readonly until: number } | undefined;
  return {
    fail(failure) {
      current = { failure, until: clock.mono() + failure.seconds * 1_000 };
    },
    heal() {
      current = undefined;
    },
    modeFor(path) {
      if (current !== undefined && clock.mono() >= current.until) current = undefined;
      return current !== undefined && path.startsWith(current.failure.path) ? current.failure.mode : undefined;
    },
  };
}
