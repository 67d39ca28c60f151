import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresql } from '../../lib/storage/database/postgresql.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { createJobRepository } from '../../lib/storage/job-repository.ts';
import { jobRepositorySuite } from '../suites/job-repository.ts';
import { bringUp, temporaryFolder } from '../support/database.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

jobRepositorySuite('SQLite', async () => {
  const { folder, remove } = temporaryFolder();
  const driver = openSqlite(join(folder, 'pitwall.db'));
  await bringUp(driver, 'sqlite');
  return {
    repository: createJobRepository(driver.client),
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

jobRepositorySuite('PostgreSQL', async () => {
  const driver = openPostgresql(await server.newDatabase());
  await bringUp(driver, 'postgresql');
  return { repository: createJobRepository(driver.client), close: () => driver.close() };
});
