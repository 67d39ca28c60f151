import { PitwallError } from '../kernel/errors.ts';
import type { Breaker } from '../resilience/breaker.ts';

/** What a request gets that an open breaker turns away, with whole seconds until it's worth another try. */
export function breakerOpen(breaker: Pick<Breaker, 'retryAfterMs'>): PitwallError {
  const retryAfter = Math.max(1, Math.ceil(breaker.retryAfterMs() / 1_000));
  return new PitwallError('breaker_open', 'The origin failed too often and is left alone for a while.', { retryAfter });
}
