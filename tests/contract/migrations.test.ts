import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresql } from '../../lib/storage/database/postgresql.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { readMigrations } from '../../lib/storage/database/migrations.ts';
import { migrationSuite } from '../suites/migrations.ts';
import { bringUp, temporaryFolder } from '../support/database.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

migrationSuite('sqlite', () => {
  const { folder, remove } = temporaryFolder();
  return Promise.resolve({
    open: () => openSqlite(join(folder, 'pitwall.db')),
    close: () => Promise.resolve(remove()),
  });
});

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 120_000);
afterAll(() => server.stop());

migrationSuite('postgresql', async () => {
  const url = await server.newDatabase();
  return { open: () => openPostgresql(url), close: () => Promise.resolve() };
});

// A file has one owner (tests/unit/storage/database/open.test.ts); a server may have many.
it('are applied once by several that start together on one PostgreSQL', async () => {
  const url = await server.newDatabase();
  const drivers = [1, 2, 3, 4].map(() => openPostgresql(url));
  const applied = await Promise.all(drivers.map((driver) => bringUp(driver, 'postgresql')));
  expect(applied.flat()).toEqual(readMigrations('postgresql').map(({ name }) => name));
  await Promise.all(drivers.map((driver) => driver.close()));
});
