import type { Role } from '../contracts/access.ts';
import type { OpenedSession, Origin } from './sessions.ts';

/** Somebody whom an OpenID provider vouches for. */
export interface Vouched {
  readonly issuer: string;
  /** Unique and never given to somebody else within the issuer (OpenID Connect Core section 2, sub). */
  readonly subject: string;
  /** Undefined where the provider doesn't vouch for it. */
  readonly email: string | undefined;
  readonly name: string | undefined;
}

/** Ways to a session, and on to its next token. */
export interface LogIns {
  /** Undefined for a wrong password, an unknown or disabled person: all alike, and after the same time. */
  byPassword(email: string, password: string, from: Origin): Promise<OpenedSession | undefined>;
  /**
   * Finds the person by what the provider calls them, at first by their e-mail address.
   * @param newcomers role of somebody who isn't known yet; null = they can't come in
   * @returns undefined for somebody unknown or disabled, and for an address that belongs to another of the provider's
   */
  byProvider(who: Vouched, newcomers: Role | null, from: Origin): Promise<OpenedSession | undefined>;
  /**
   * Gives a session whose token is older than a day the next one; the old one works for another minute, for what is on
   * its way. @returns whole Set-Cookie values; none where there's nothing to do
   */
  rotate(person: string, id: string): Promise<readonly string[]>;
}
