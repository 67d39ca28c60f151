import { PitwallError, asPitwallError, isPitwallError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { After } from '../../kernel/timer.ts';
import { asking, callable, type Callable, type Repositories } from '../repositories.ts';
import type { DatabaseClient, Driver } from './driver.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migrations.ts';
import type { DatabaseState } from './state.ts';

/** Wait before a database that failed is tried again, ms; doubled each time up to the second. */
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

export interface DatabaseHostOptions {
  /** Makes a driver; connects nothing yet. */
  readonly open: () => Driver;
  /** How people know the database: without its password. */
  readonly name: string;
  readonly migrations: readonly Migration[];
  /** What is kept in an open database. */
  readonly repositories: (client: DatabaseClient) => Repositories;
  readonly newId: () => string;
  readonly after: After;
  readonly onState: (state: DatabaseState) => void;
  readonly logger: Logger;
}

/**
 * Keeps one database open: brings it to this code's form, and tries again by itself when it breaks.
 * Meanwhile every call rejects with `storage_unavailable`.
 */
export interface DatabaseHost extends Repositories {
  /** Resolves after the first attempt, well or not. Rejects with `database_refused` for a database of another form. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export function createDatabaseHost(options: DatabaseHostOptions): DatabaseHost {
  const { open, name, migrations, repositories, newId, after, onState, logger } = options;
  let driver: Driver | undefined;
  let kept: Callable | undefined;
  let why = 'The database is being opened.';
  let retry = FIRST_RETRY_MS;
  let cancelRetry = (): void => {};
  let closed = false;
  let opening: Promise<void> | undefined;

  async function attempt(): Promise<void> {
    const next = open();
    try {
      const applied = await next.exclusively((session) =>
        migrate(session, {
          migrations,
          newId,
          onChanged: (migration) => logger.warn(`The migration ${migration} has changed since it was applied.`),
        }),
      );
      // A new one is no news.
      const say = applied.length === migrations.length ? logger.debug : logger.info;
      if (applied.length > 0) say(`The database was brought up to date: ${applied.join(', ')}.`);
      await next.probe();
    } catch (error) {
      await next.close().catch(() => undefined);
      throw error;
    }
    if (closed) return next.close();
    driver = next;
    kept = callable(repositories(next.client));
    onState({ state: 'ok' });
  }

  async function openOnce(): Promise<void> {
    opening = attempt().finally(() => {
      opening = undefined;
    });
    await opening;
  }

  async function openAgain(): Promise<void> {
    await openOnce().catch(degrade);
  }

  function degrade(error: unknown): void {
    const broken = driver;
    driver = undefined;
    kept = undefined;
    void broken?.close().catch(() => undefined);
    why = isPitwallError(error) ? error.message : `The database ${name} can't be used: ${reasonOf(error)}.`;
    onState({ state: 'degraded', why });
    if (closed) return;
    cancelRetry();
    cancelRetry = after(retry, () => void openAgain());
    retry = Math.min(retry * 2, LONGEST_RETRY_MS);
  }

  /** Asks the open database; a failure of the database makes it be opened anew. */
  async function use(call: string, args: readonly unknown[]): Promise<unknown> {
    const used = kept;
    if (used === undefined) throw new PitwallError('storage_unavailable', why, { retryAfter: 1 });
    try {
      const answer = await used[call]?.(...args);
      retry = FIRST_RETRY_MS;
      return answer;
    } catch (error) {
      // What a repository refuses itself says nothing of the database, nor does what a statement was refused for.
      if (isPitwallError(error)) throw error;
      const refused = refusalOf(error);
      if (refused !== undefined) throw refused;
      // One of several calls that failed together has seen to it already.
      if (kept === used) degrade(error);
      throw new PitwallError('storage_unavailable', why, { cause: error, retryAfter: 1 });
    }
  }

  return {
    ...asking(use),
    start: () =>
      openOnce().catch((error: unknown) => {
        if (isPitwallError(error)) throw error;
        degrade(error);
      }),
    async close() {
      closed = true;
      cancelRetry();
      await opening?.catch(() => undefined);
      await driver?.close();
      kept = undefined;
      why = 'The database is closed.';
    },
  };
}

/** Two writers at once: unique keys, serialisation, deadlocks; Prisma's codes and SQLSTATE. */
const CONFLICTS: ReadonlySet<string> = new Set(['P2002', 'P2034', '23505', '40001', '40P01']);
/** A text that the database can't hold (NUL), or that is too long. */
const UNFIT: ReadonlySet<string> = new Set(['P2000', 'P2020', '22021', '22001']);

/** What the database, being there, doesn't take of a statement: what was asked, not where. */
function refusalOf(error: unknown): PitwallError | undefined {
  const code = codeOf(error);
  if (CONFLICTS.has(code ?? '')) {
    return new PitwallError('conflict', 'Somebody else changed the same at the same time: look again.', {
      cause: error,
    });
  }
  if (UNFIT.has(code ?? '')) {
    return new PitwallError('validation_failed', 'The database can’t hold this text.', { cause: error });
  }
  return undefined;
}

/** Prisma's own code of an error, or what the driver under it says (SQLSTATE). */
function codeOf(error: unknown): string | undefined {
  for (let found: unknown = error, depth = 0; found instanceof Error && depth < 4; depth += 1) {
    const { meta, cause } = found as Error & { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } };
    const original = meta?.driverAdapterError?.cause?.originalCode;
    if (typeof original === 'string' && /^[0-9A-Z]{5}$/.test(original)) return original;
    if ('code' in found && typeof found.code === 'string') return found.code;
    found = cause;
  }
  return undefined;
}

/** What drivers call the commonest failures. */
const REASONS: Readonly<Record<string, string>> = {
  DatabaseNotReachable: "it can't be reached",
  AuthenticationFailed: 'it refuses the user or the password',
  DatabaseAccessDenied: 'it refuses the user',
  DatabaseDoesNotExist: "it doesn't exist on this server",
  ConnectionClosed: 'it closed the connection',
  SocketTimeout: "it doesn't answer in time",
  TooManyConnections: 'it has too many connections',
};

/** The last line of a driver's error, without its full stop: Prisma begins with its own call. */
function reasonOf(error: unknown): string {
  const lines = asPitwallError(error)
    .message.split('\n')
    .map((line) => line.trim());
  const said = lines.findLast((line) => line !== '') ?? 'no reason given';
  return (REASONS[said] ?? said).slice(0, 200).replace(/\.+$/, '');
}
