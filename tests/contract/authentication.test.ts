import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresql } from '../../lib/storage/database/postgresql.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { authenticationSuite } from '../suites/authentication.ts';
import { bringUp, temporaryFolder } from '../support/database.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

authenticationSuite('SQLite', async () => {
  const { folder, remove } = temporaryFolder();
  const driver = openSqlite(join(folder, 'pitwall.db'));
  await bringUp(driver, 'sqlite');
  return {
    client: driver.client,
    provider: 'sqlite',
    async close() {
      await driver.close();
      remove();
    },
  };
});

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 120_000);
afterAll(() => server.stop());

authenticationSuite('PostgreSQL', async () => {
  const driver = openPostgresql(await server.newDatabase());
  await bringUp(driver, 'postgresql');
  return { client: driver.client, provider: 'postgresql', close: () => driver.close() };
});
