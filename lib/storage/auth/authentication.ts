import type { Repositories } from '../repositories.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { createInvitations } from './invitations.ts';
import { createLogIns } from './log-ins.ts';
import { createPeople } from './people.ts';
import { createSessions } from './sessions.ts';
import { createTokens } from './tokens.ts';

export type AuthenticationOptions = EngineOptions;

/** People, their log-ins, links and tokens, kept as better-auth keeps them. */
export function createAuthentication(
  options: AuthenticationOptions,
): Pick<Repositories, 'people' | 'logIns' | 'sessions' | 'tokens' | 'invitations'> {
  const { client } = options;
  const engine = createEngine(options);
  const logIns = createLogIns(client, engine, options);
  return {
    people: createPeople(client),
    logIns,
    sessions: createSessions(client),
    tokens: createTokens(client, engine),
    invitations: createInvitations(client, engine, logIns),
  };
}
