import type { Worker } from 'node:worker_threads';
import { PitwallError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { after } from '../../kernel/timer.ts';
import { asking, type Callable, type Repositories } from '../repositories.ts';
import { createCalls, type Calls } from './calls.ts';
import { parseDatabaseUrl, type DatabaseLocation } from './location.ts';
import type { DatabaseState } from './state.ts';
import { startDatabaseThread, type DatabaseMessage, type DatabaseOrder, type DatabaseStart } from './thread.ts';

/** Longest wait for the database at the start; then the product starts without it, ms. */
const START_MS = 5_000;
/** Longest wait for one answer, ms. */
const CALL_MS = 5_000;
/** For what needs better-auth: the first to need it loads it, which takes seconds on a busy machine. */
const LOG_IN_MS = 20_000;
const LOG_INS = /^(?:logIns|sessions|tokens|invitations)\./;
/** Most calls under way. */
const MAX_CALLS = 1_000;
/** Wait before a thread that ended by itself is started again, ms. */
const RESTART_MS = 1_000;
/** Longest wait for the thread to close its database, ms. */
const CLOSE_MS = 3_000;

export interface Database extends Repositories {
  /** Whether other instances may use it too: a server, not a file. */
  readonly shared: boolean;
  /** Whether it works at the moment. */
  state(): DatabaseState;
  /** Ends the thread once everything that was asked has been done, or after 3 s. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** DATABASE_URL; undefined = a file in the data directory. */
  readonly url?: string | undefined;
  /** The data directory. */
  readonly directory: string;
  /** See DatabaseStart. */
  readonly secret: string;
  readonly consoleUrl: string;
  readonly logIns?: boolean;
  readonly logger: Logger;
  /** Starts the thread; default the real one. */
  readonly start?: (start: DatabaseStart) => Worker;
}

/**
 * Opens the database in a thread of its own and brings it up to date. One that is away, or breaks later, is
 * waited for in the background: until then calls reject with `storage_unavailable`, and it's logged.
 *
 * @throws PitwallError `config_invalid` for a bad URL, `database_refused` for a database that is newer than the code
 */
export async function openDatabase({
  url,
  directory,
  secret,
  consoleUrl,
  logIns = false,
  logger,
  start = startDatabaseThread,
}: DatabaseOptions): Promise<Database> {
  const location = parseDatabaseUrl(url, directory);
  let state: DatabaseState = { state: 'degraded', why: 'The database is being opened.' };
  let said: string | undefined;
  let thread: Worker;
  let calls: Calls<Callable>;
  let opened = false;
  let closing = false;
  let cancelRestart = (): void => {};
  const first = Promise.withResolvers<undefined>();
  const closed = Promise.withResolvers<undefined>();

  function changeState(next: DatabaseState): void {
    state = next;
    const why = next.state === 'ok' ? undefined : next.why;
    if (why !== undefined && said !== why) logger.warn(`${why} Traffic doesn't need it; it's tried again.`);
    if (why === undefined && said !== undefined) logger.info('The database works again.');
    said = why;
  }

  function take(message: DatabaseMessage): void {
    if ('reply' in message) calls.reply(message);
    else if ('state' in message) changeState(message.state);
    else if ('log' in message) logger[message.log.level](message.log.message, message.log.fields);
    else if ('started' in message) first.resolve(undefined);
    else if ('refused' in message) {
      first.reject(new PitwallError(message.refused.code, message.refused.message));
      if (opened) changeState({ state: 'degraded', why: message.refused.message });
    } else closed.resolve(undefined);
  }

  function run(): void {
    const mine = start({ location, name: nameOf(location), secret, url: consoleUrl, logIns });
    thread = mine;
    calls = createCalls<Callable>({
      to: mine,
      deadlineMs: (call) => (LOG_INS.test(call) ? LOG_IN_MS : CALL_MS),
      maxPending: MAX_CALLS,
      after,
    });
    mine.on('message', take);
    // Its end follows.
    mine.on('error', (error) => logger.error(`The database's thread failed: ${String(error)}`));
    mine.once('exit', () => {
      calls.close("The database's thread has ended.");
      closed.resolve(undefined);
      if (closing) return;
      changeState({ state: 'degraded', why: "The database's thread has ended." });
      cancelRestart = after(RESTART_MS, run);
    });
  }

  async function close(): Promise<void> {
    closing = true;
    cancelRestart();
    thread.postMessage({ close: true } satisfies DatabaseOrder);
    const cancel = after(CLOSE_MS, () => closed.resolve(undefined));
    await closed.promise;
    cancel();
    await thread.terminate();
  }

  run();
  const cancelStart = after(START_MS, () => first.resolve(undefined));
  try {
    await first.promise;
    opened = true;
  } catch (error) {
    await close();
    throw error;
  } finally {
    cancelStart();
  }
  return {
    ...asking((call, args) => calls.call(call, ...args)),
    shared: location.provider === 'postgresql',
    state: () => state,
    close,
  };
}

function nameOf(location: DatabaseLocation): string {
  return location.provider === 'sqlite' ? location.file : `at ${new URL(location.url).host}`;
}
