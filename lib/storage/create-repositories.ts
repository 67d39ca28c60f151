import { createAuthentication, type AuthenticationOptions } from './auth/authentication.ts';
import { createConfigTexts } from './config-texts.ts';
import type { DatabaseClient } from './database/driver.ts';
import { createJobRepository } from './job-repository.ts';
import { createJournalRepository } from './journal-repository.ts';
import type { Repositories } from './repositories.ts';

/** Everything that is kept in one open database. */
export function createRepositories(
  client: DatabaseClient,
  options: Omit<AuthenticationOptions, 'client'>,
): Repositories {
  const journal = createJournalRepository(client, options.provider);
  return {
    jobs: createJobRepository(client),
    ...createAuthentication({ client, ...options }),
    journal,
    archive: journal,
    configTexts: createConfigTexts(client),
  };
}
