import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { asPitwallError, isPitwallError } from '../../kernel/errors.ts';
import { createPortLogger } from '../../kernel/port-logger.ts';
import { after } from '../../kernel/timer.ts';
import { createRepositories } from '../create-repositories.ts';
import { callable } from '../repositories.ts';
import { lockDisk, type DiskLock } from '../disk-lock.ts';
import { answerCall, type CallMessage } from './calls.ts';
import { createDatabaseHost } from './host.ts';
import { readMigrations } from './migrations.ts';
import { openPostgresql } from './postgresql.ts';
import { openSqlite } from './sqlite.ts';
import type { DatabaseMessage, DatabaseOrder, DatabaseStart } from './thread.ts';

// The database's thread: the file's synchronous work, and Prisma's, happen here.
const port = parentPort as MessagePort;
const { location, name, secret, url, logIns } = workerData as DatabaseStart;
const post = (message: DatabaseMessage): void => port.postMessage(message);

/** Held as long as the thread lives, since two processes would run the same jobs; forgotten, it would be given back. */
let held: DiskLock | undefined;

function lock(file: string): void {
  try {
    held = lockDisk(`${file}.lock`, dirname(file));
  } catch (error) {
    // Where there can't be a lock there can't be a database either, and that's said when it's opened.
    if (isPitwallError(error)) throw error;
  }
}

const host = createDatabaseHost({
  open: () => (location.provider === 'sqlite' ? openSqlite(location.file) : openPostgresql(location.url)),
  name,
  migrations: readMigrations(location.provider),
  repositories: (client) => createRepositories(client, { provider: location.provider, secret, url, early: logIns }),
  newId: () => crypto.randomUUID(),
  after,
  onState: (state) => post({ state }),
  logger: createPortLogger((line) => post({ log: line })),
});

const api = callable(host);

port.on('message', (message: CallMessage | DatabaseOrder) => {
  if ('call' in message) void answerCall(api, message, port);
  else
    void host.close().finally(() => {
      held?.release();
      post({ closed: true });
      port.close();
    });
});

async function start(): Promise<void> {
  if (location.provider === 'sqlite') lock(location.file);
  await host.start();
}

await start().then(
  () => post({ started: true }),
  (error: unknown) => {
    const { code, message } = asPitwallError(error);
    post({ refused: { code, message } });
  },
);
flushCompileCache();
