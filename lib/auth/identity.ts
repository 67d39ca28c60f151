import { PERMISSIONS, ROLE_PERMISSIONS, type Permission } from '../contracts/access.ts';
import type { Actor } from '../contracts/session.ts';
import type { Token } from '../contracts/tokens.ts';
import type { KeptSession } from './sessions.ts';

/** Who asks, and what they may. Plain data: it goes from our listener to Next's routes in a header. */
export interface Identity {
  readonly actor: Actor;
  readonly permissions: readonly Permission[];
  /** The session, for a person who is logged in. */
  readonly session: string | null;
}

/** Somebody at the machine. */
export const LOCAL: Identity = {
  actor: { kind: 'local' },
  permissions: Object.keys(PERMISSIONS) as Permission[],
  session: null,
};

export function identityOfSession({ id, person }: KeptSession): Identity {
  const { id: personId, name, email, role } = person;
  return {
    actor: { kind: 'person', id: personId, name, email, role },
    permissions: ROLE_PERMISSIONS[role],
    session: id,
  };
}

export function identityOfToken({ id, name, scopes }: Token): Identity {
  return { actor: { kind: 'token', id, name }, permissions: scopes, session: null };
}

/** Who reads metrics with the environment's token. */
export const SCRAPER: Identity = {
  actor: { kind: 'token', id: 'metrics', name: 'PITWALL_METRICS_TOKEN' },
  permissions: ['metrics'],
  session: null,
};

/** As people know them; null for somebody at the machine. */
export function nameOf(actor: Actor): string | null {
  if (actor.kind === 'local') return null;
  return actor.kind === 'person' ? `${actor.name} <${actor.email}>` : actor.name;
}

/** As the journal knows them: local, person:ID, token:ID. */
export function actorName(actor: Actor): string {
  return actor.kind === 'local' ? 'local' : `${actor.kind}:${actor.id}`;
}
