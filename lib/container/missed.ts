import { PitwallError } from '../kernel/errors.ts';
import type { Taken } from './fleet.ts';

/** The instances that didn't answer. @throws PitwallError what the first said, when none has taken the command */
export function missed(taken: readonly Taken[]): string[] {
  const failed = taken.filter(({ error }) => error !== undefined);
  if (failed.length === taken.length) {
    throw (
      failed[0]?.error ?? new PitwallError('gateway_unavailable', 'No gateway runs at the moment.', { retryAfter: 1 })
    );
  }
  // Another says that it has no such service: there is nothing to switch.
  return failed.filter(({ error }) => error?.code !== 'not_found').map(({ instance }) => instance);
}
