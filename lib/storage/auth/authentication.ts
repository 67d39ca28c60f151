import type { Repositories } from '../repositories.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { createInvitations } from './invitations.ts';
import { createPeople } from './people.ts';
import { createSessions } from './sessions.ts';
import { createTokens } from './tokens.ts';

export type AuthenticationOptions = EngineOptions;

/** People, their log-ins, links and tokens, kept as better-auth keeps them. */
export function createAuthentication(
  options: AuthenticationOptions,
): Pick<Repositories, 'people' | 'sessions' | 'tokens' | 'invitations'> {
  const { client } = options;
  const engine = createEngine(options);
  const sessions = createSessions(client, engine);
  return {
    people: createPeople(client),
    sessions,
    tokens: createTokens(client, engine),
    invitations: createInvitations(client, engine, sessions),
  };
}
