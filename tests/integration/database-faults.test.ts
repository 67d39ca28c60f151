import { afterAll, beforeAll, expect, it } from 'vitest';
import { createJobService, type JobService } from '../../lib/container/job-service.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { openDatabase, type Database } from '../../lib/storage/database/open.ts';
import { FOR_TESTS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

let server: PostgresServer;
let url = '';
let database: Database;
let jobs: JobService;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.newDatabase();
  database = await openDatabase({ ...FOR_TESTS, url, directory: '/nowhere', logger: silentLogger });
  jobs = createJobService({
    runners: {
      clear: async ({ progress }) => {
        progress(1, 1);
        return Promise.resolve('cleared');
      },
    },
    repository: database.jobs,
    concurrency: 2,
    owner: 'one',
    clock: systemClock,
    logger: silentLogger,
  });
  await jobs.open();
}, 120_000);
afterAll(async () => {
  await jobs.close(1_000);
  await database.close();
  await server.stop();
});

const add = (title: string) => jobs.add({ kind: 'clear', title, input: null });
const storedState = (id: string): Promise<string> => server.sql(url, `SELECT state FROM jobs WHERE id = '${id}'`);
const runsToItsEnd = async (title: string): Promise<string> => {
  const { id } = await add(title);
  await eventually(async () => expect(await jobs.find(id)).toMatchObject({ state: 'done', result: 'cleared' }), 20_000);
  return id;
};

it('stores jobs', async () => {
  const id = await runsToItsEnd('before');
  await eventually(async () => expect(await storedState(id)).toBe('done'));
});

it('runs jobs while PostgreSQL is killed, and stores them when it is back', async () => {
  await server.kill();
  const id = await runsToItsEnd('killed');
  expect(database.state().state).toBe('degraded');
  expect((await jobs.list({ limit: 10 })).degraded).toContain("Stored jobs can't be read");
  await server.start();
  await eventually(async () => expect(await storedState(id)).toBe('done'), 20_000);
  expect(database.state()).toEqual({ state: 'ok' });
  expect(await jobs.list({ limit: 10 })).toMatchObject({ degraded: null });
}, 120_000);

it('runs jobs while PostgreSQL is frozen, and stores them when it thaws', async () => {
  await server.freeze();
  const id = await runsToItsEnd('frozen');
  expect(database.state().state).toBe('degraded');
  await server.thaw();
  await eventually(async () => expect(await storedState(id)).toBe('done'), 20_000);
  await eventually(() => expect(database.state()).toEqual({ state: 'ok' }));
}, 120_000);
