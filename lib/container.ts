import { createAuthenticator, type Authenticator } from './auth/authenticator.ts';
import { createLimit } from './auth/limit.ts';
import type { Environment } from './config/environment.ts';
import { readSecret } from './config/secret.ts';
import type { Container } from './container/console.ts';
import { isReachable } from './container/first-account.ts';
import { openCore, type ContainerOptions, type Core } from './container/core.ts';
import { createLogger } from './config/logger.ts';
import { openDataDirectory } from './container/data-directory.ts';
import { createLifecycle, type Lifecycle } from './kernel/lifecycle.ts';
import type { Database } from './storage/database/open.ts';

export type { Container } from './container/console.ts';

/** One process: what each has, and the console's part where it has that role. */
export interface Running {
  readonly core: Core;
  readonly console: Container | undefined;
  readonly authenticator: Authenticator;
}

/**
 * The composition root of the main thread; server.ts is its only caller in production. Loads the console's part only
 * where it's wanted.
 * Rejects with `data_dir_unwritable`, `data_dir_locked`, `config_invalid`, `database_refused` or `port_in_use`, each
 * one plain sentence, with everything closed again.
 */
export async function createContainer(environment: Environment, options: ContainerOptions): Promise<Running> {
  const lifecycle = createLifecycle();
  try {
    let opening: Promise<Database> | undefined;
    const withConsole = environment.roles.includes('console');
    const secret = withConsole ? readSecret(environment.secret, openDataDirectory(environment.dataDir)) : '';
    // Not before: of two processes that start on one directory at once, one owns all of it.
    const onOwned = (): void => {
      if (withConsole) opening = openBeside(environment, { ...options, secret }, lifecycle);
    };
    const parts = await openCore(environment, { ...options, onOwned }, lifecycle);
    const database = await opening;
    const authenticator = createAuthenticator({
      ...database,
      secret,
      localAdmin: environment.localAdmin,
      metricsToken: environment.metricsToken,
      wrongTokens: createLimit({ name: 'tokens', most: 30, seconds: 60, what: 'wrong tokens' }),
      clock: parts.clock,
    });
    if (database === undefined) return { core: parts.core, console: undefined, authenticator };
    const { openConsole } = await import('./container/console.ts');
    const console = await openConsole(environment, parts, { database, authenticator, secret, ...options });
    return { core: parts.core, console, authenticator };
  } catch (error) {
    await lifecycle.close().catch(() => undefined);
    throw error;
  }
}

/** Opens the database beside the gateways, which don't need it. */
function openBeside(
  environment: Environment,
  { logger = createLogger(environment.logLevel), consoleUrl, secret }: ContainerOptions & { readonly secret: string },
  lifecycle: Lifecycle,
): Promise<Database> {
  const directory = environment.dataDir;
  const open = async (): Promise<Database> => {
    const { openDatabase } = await import('./storage/database/open.ts');
    const logIns = !isReachable(environment);
    return openDatabase({ url: environment.databaseUrl, directory, secret, consoleUrl, logIns, logger });
  };
  const opening = open();
  opening.catch(() => undefined);
  lifecycle.own('database', async () => (await opening.catch(() => undefined))?.close());
  return opening;
}
