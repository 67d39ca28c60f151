import { PitwallError } from '../kernel/errors.ts';
import { clientKey, type Limit } from './limit.ts';
import type { OpenedSession, Origin, Sessions } from './sessions.ts';

const ALL = 'all';

export interface LogInOptions {
  readonly sessions: Pick<Sessions, 'open'>;
  /** All together: each costs a thread 100 ms and 32 MiB. */
  readonly all: Limit;
  readonly byClient: Limit;
  readonly byEmail: Limit;
}

/**
 * A log-in, limited before a password is looked at. Past the limit of all together
 * nothing is remembered of a client or an address any more, so that the limits themselves stay small.
 * @returns a function that rejects with `login_refused`, alike for all reasons, or `too_many_requests`
 */
export function createLogIn({ sessions, all, byClient, byEmail }: LogInOptions) {
  return async (email: string, password: string, from: Origin): Promise<OpenedSession> => {
    await all.check(ALL);
    await byClient.take(clientKey(from.address ?? ''));
    await byEmail.take(email.trim().toLowerCase());
    await all.take(ALL);
    const opened = await sessions.open(email.trim(), password, from);
    if (opened !== undefined) return opened;
    throw new PitwallError('login_refused', 'The e-mail address or the password is wrong.');
  };
}
