import type { Permission } from '../contracts/access.ts';
import type { Token } from '../contracts/tokens.ts';

/** Secrets for scripts, kept as hashes. */
export interface Tokens {
  /** @param by whose it is: it ends with that person; null = somebody's at this machine */
  make(token: {
    readonly name: string;
    readonly scopes: readonly Permission[];
    readonly expiresInMs: number;
    readonly by: string | null;
  }): Promise<{ readonly token: Token; readonly secret: string }>;
  /** Undefined for an unknown, revoked or expired one, and for one of a person who is disabled. Its scopes are those that its maker still has. */
  find(secret: string): Promise<Token | undefined>;
  /** Newest first. */
  list(): Promise<Token[]>;
  /** @returns whether there was one */
  revoke(id: string): Promise<boolean>;
}
