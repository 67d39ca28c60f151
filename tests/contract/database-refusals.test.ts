import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { createRepositories } from '../../lib/storage/create-repositories.ts';
import { createDatabaseHost, type DatabaseHost } from '../../lib/storage/database/host.ts';
import { readMigrations } from '../../lib/storage/database/migrations.ts';
import { openPostgresql } from '../../lib/storage/database/postgresql.ts';
import { FOR_TESTS } from '../support/database.ts';
import { manualTimers } from '../support/jobs.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

/* What PostgreSQL refuses of a statement says nothing of PostgreSQL: nobody else may notice. */

let server: PostgresServer;
let host: DatabaseHost;
const states: string[] = [];
beforeAll(async () => {
  server = await startPostgres();
  const url = await server.newDatabase();
  host = createDatabaseHost({
    open: () => openPostgresql(url),
    name: 'test',
    migrations: readMigrations('postgresql'),
    repositories: (client) =>
      createRepositories(client, { provider: 'postgresql', secret: FOR_TESTS.secret, url: FOR_TESTS.consoleUrl }),
    newId: () => crypto.randomUUID(),
    after: manualTimers(manualClock()).after,
    onState: ({ state }) => states.push(state),
    logger: silentLogger,
  });
  await host.start();
});
afterAll(async () => {
  await host.close();
  await server.stop();
});

it('a text that it can’t hold is the asker’s fault', async () => {
  const refused = { code: 'validation_failed' };
  await expect(host.jobs.find('\0')).rejects.toMatchObject(refused);
  await expect(host.people.add({ name: 'a\0b', email: 'a@example.com', role: 'viewer' })).rejects.toMatchObject(
    refused,
  );
  expect(states).toEqual(['ok']);
});

it('the same thing added at once is there once', async () => {
  const add = (): Promise<unknown> => host.people.add({ name: 'Bo', email: 'bo@example.com', role: 'viewer' });
  const added = await Promise.allSettled(Array.from({ length: 6 }, add));
  const there = added.filter((each) => each.status === 'fulfilled' && each.value !== undefined);
  expect(there).toHaveLength(1);
  for (const each of added) {
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'conflict' });
  }
  expect(await host.people.list()).toHaveLength(1);
  expect(states).toEqual(['ok']);
});
