import { clientKey, type Limit } from './limit.ts';
import type { From, OpenedSession } from './sessions.ts';

const ALL = 'all';

export interface LogInOptions {
  /** Looks at the password. Rejects with `login_refused`. */
  attempt(email: string, password: string, from: From): Promise<OpenedSession>;
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
export function createLogIn({ attempt, all, byClient, byEmail }: LogInOptions) {
  return async (email: string, password: string, from: From): Promise<OpenedSession> => {
    await all.check(ALL);
    await byClient.take(clientKey(from.address ?? ''));
    await byEmail.take(email.trim().toLowerCase());
    await all.take(ALL);
    return attempt(email.trim(), password, from);
  };
}
