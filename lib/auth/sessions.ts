import type { Person } from '../contracts/people.ts';
import type { Session } from '../contracts/session.ts';

/** A session as it's kept. */
export interface KeptSession extends Omit<Session, 'current'> {
  readonly person: Person;
}

/** Longest name of a browser that is kept, characters. */
export const LONGEST_AGENT = 300;

/** Where a log-in comes from. */
export interface Origin {
  readonly address: string | null;
  readonly agent: string | null;
}

/** Where a request comes from that may open one. */
export interface From extends Origin {
  readonly requestId: string | null;
}

/** A session that was just opened: `cookies` are whole Set-Cookie values. */
export interface OpenedSession {
  readonly session: KeptSession;
  readonly cookies: readonly string[];
}

/** Log-ins of people, once they are in. */
export interface Sessions {
  /** Undefined for an unknown, ended or expired token, and for a person who is disabled. */
  find(token: string): Promise<KeptSession | undefined>;
  /** Of one person, newest first. */
  list(person: string): Promise<KeptSession[]>;
  /** Ends one session of a person. @returns whether there was one */
  end(person: string, id: string): Promise<boolean>;
  /** Deletes sessions, and one-time links, that have expired: addresses and browsers stay no longer than they serve. How many. */
  prune(): Promise<number>;
}
