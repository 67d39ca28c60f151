import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createConfigTexts } from '../../lib/storage/config-texts.ts';
import { openPostgresql } from '../../lib/storage/database/postgresql.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../../lib/storage/journal-repository.ts';
import { BOUNDS, configVersionSuite } from '../suites/config-versions.ts';
import { bringUp, temporaryFolder } from '../support/database.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

configVersionSuite('SQLite', async () => {
  const { folder, remove } = temporaryFolder();
  const driver = openSqlite(join(folder, 'pitwall.db'));
  await bringUp(driver, 'sqlite');
  return {
    store: createJournalRepository(driver.client, 'sqlite'),
    texts: createConfigTexts(driver.client, BOUNDS),
    async close() {
      await driver.close();
      remove();
    },
  };
});

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());

configVersionSuite('PostgreSQL', async () => {
  const driver = openPostgresql(await server.newDatabase());
  await bringUp(driver, 'postgresql');
  return {
    store: createJournalRepository(driver.client, 'postgresql'),
    texts: createConfigTexts(driver.client, BOUNDS),
    close: () => driver.close(),
  };
});
