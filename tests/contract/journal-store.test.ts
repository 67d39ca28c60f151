import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresql } from '../../lib/storage/database/postgresql.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../../lib/storage/journal-repository.ts';
import { journalStoreSuite } from '../suites/journal-store.ts';
import { bringUp, temporaryFolder } from '../support/database.ts';
import { memoryJournal } from '../support/memory-journal.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

async function sqlite(): Promise<{ store: ReturnType<typeof createJournalRepository>; close: () => Promise<void> }> {
  const { folder, remove } = temporaryFolder();
  const driver = openSqlite(join(folder, 'pitwall.db'));
  await bringUp(driver, 'sqlite');
  return {
    store: createJournalRepository(driver.client, 'sqlite'),
    async close() {
      await driver.close();
      remove();
    },
  };
}

journalStoreSuite('SQLite', sqlite);

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 120_000);
afterAll(() => server.stop());

journalStoreSuite('PostgreSQL', async () => {
  const driver = openPostgresql(await server.newDatabase());
  await bringUp(driver, 'postgresql');
  return { store: createJournalRepository(driver.client, 'postgresql'), close: () => driver.close() };
});

// What the unit tests stand on.
describe('in memory', () => {
  journalStoreSuite('memory', async () => ({ store: refusing(), close: async () => undefined }));
});

/** Databases refuse a record without an action. */
function refusing(): ReturnType<typeof memoryJournal> {
  const journal = memoryJournal();
  const { append } = journal;
  journal.append = async (records, subjects) => {
    if (records.some(({ action }) => action === null)) throw new Error('not null');
    await append(records, subjects);
  };
  return journal;
}

it('refuses a cursor that it has not made', async () => {
  const { store, close } = await sqlite();
  for (const after of ['', 'x', 'WzFd', Buffer.from('[1,99999999999,"a"]').toString('base64url')])
    await expect(store.page({ limit: 5, after })).rejects.toMatchObject({ code: 'validation_failed' });
  await close();
});
