import type { Invitation } from '../contracts/session.ts';
import type { Origin, OpenedSession } from './sessions.ts';

/** One-time links: for the first account, and for people who set their password. */
export interface Invitations {
  /**
   * Makes a link's secret, and ends what was made before for the same.
   * @param person an id; null = the first account, with the role admin
   * @returns undefined for an unknown person, or when an admin exists already
   */
  make(person: string | null): Promise<{ readonly secret: string; readonly expiresAt: number } | undefined>;
  /** What it's for; undefined when it's unknown, used or expired. */
  look(secret: string): Promise<Invitation | undefined>;
  /** Sets the password and opens a session; every other session of the person ends. Once. Undefined like `look`. */
  accept(
    secret: string,
    given: { readonly name?: string | undefined; readonly email?: string | undefined; readonly password: string },
    from: Origin,
  ): Promise<OpenedSession | undefined>;
}
