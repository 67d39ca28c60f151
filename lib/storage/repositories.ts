import type { Invitations } from '../auth/invitations.ts';
import type { LogIns } from '../auth/log-ins.ts';
import type { People } from '../auth/people.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { ConfigTexts } from '../journal/config-texts.ts';
import type { JournalArchive, JournalStore } from '../journal/journal-store.ts';
import type { JobRepository } from '../queue/job-repository.ts';

/** What is kept in the database, by port. */
export interface Repositories {
  readonly jobs: JobRepository;
  readonly people: People;
  readonly logIns: LogIns;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly invitations: Invitations;
  readonly journal: JournalStore;
  readonly archive: JournalArchive;
  readonly configTexts: ConfigTexts;
}
type RepositoryName = keyof Repositories;

/** What can be asked of each: all of its port. One list for both sides of the database's thread. */
const METHODS = {
  jobs: ['save', 'find', 'list', 'prune'],
  people: ['list', 'add', 'change', 'remove'],
  logIns: ['byPassword', 'byProvider', 'rotate'],
  sessions: ['find', 'list', 'end', 'prune'],
  tokens: ['make', 'find', 'list', 'revoke'],
  invitations: ['make', 'look', 'accept'],
  journal: ['append', 'page', 'erase', 'last'],
  archive: ['chains', 'read', 'prunable', 'prune'],
  configTexts: ['put', 'find'],
} as const satisfies { readonly [Name in RepositoryName]: readonly (keyof Repositories[Name])[] };

/** What can be asked, by "repository.method". */
export type Callable = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

const calls = Object.entries(METHODS).flatMap(([name, methods]) => methods.map((method) => [name, method] as const));

/** The methods of repositories, flat. */
export function callable(repositories: Repositories): Callable {
  const made = calls.map(([name, method]) => {
    const methods = repositories[name as RepositoryName] as unknown as Callable;
    return [`${name}.${method}`, (...args: readonly unknown[]) => methods[method]?.(...args)];
  });
  return Object.fromEntries(made) as Callable;
}

/** Repositories each of whose methods asks by its name in `callable`. */
export function asking(ask: (call: string, args: readonly unknown[]) => Promise<unknown>): Repositories {
  const made: Record<string, Record<string, (...args: readonly unknown[]) => Promise<unknown>>> = {};
  for (const [name, method] of calls) (made[name] ??= {})[method] = (...args) => ask(`${name}.${method}`, args);
  return made as unknown as Repositories;
}
