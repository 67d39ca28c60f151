import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../lib/kernel/logger.ts';
import { openDatabase, type Database } from '../../../../lib/storage/database/open.ts';
import { openSqlite } from '../../../../lib/storage/database/sqlite.ts';
import { startDatabaseThread } from '../../../../lib/storage/database/thread.ts';
import { sampleJob } from '../../../suites/job-repository.ts';
import { bringUp, FOR_TESTS, temporaryFolder } from '../../../support/database.ts';
import { eventually } from '../../../support/eventually.ts';

describe('the database in its thread', () => {
  const { folder, remove } = temporaryFolder();
  const open: Database[] = [];
  let count = 0;
  let directory = '';
  const lines: string[] = [];
  const logger = {
    ...silentLogger,
    warn: (line: string) => void lines.push(line),
    info: (line: string) => void lines.push(line),
    error: (line: string) => void lines.push(line),
  };

  afterEach(async () => {
    await Promise.all(open.splice(0).map((database) => database.close()));
    lines.length = 0;
    if (count === 5) remove();
  });

  async function start(more: Partial<Parameters<typeof openDatabase>[0]> = {}): Promise<Database> {
    const database = await openDatabase({ ...FOR_TESTS, directory, logger, ...more });
    open.push(database);
    return database;
  }

  it('keeps jobs over a restart, and leaves the thread that asks alone', async () => {
    directory = join(folder, String(++count));
    mkdirSync(directory);
    const first = await start();
    expect(first).toMatchObject({ shared: false });
    expect(first.state()).toEqual({ state: 'ok' });
    await first.jobs.save([sampleJob()]);
    await first.jobs.prune({ keep: 10, endedBefore: 0 });
    await first.close();
    const second = await start();
    expect(await second.jobs.find('a')).toEqual(sampleJob());
    expect(await second.jobs.list({ limit: 5 })).toEqual([sampleJob()]);
  });

  it('belongs to one process', async () => {
    directory = join(folder, String(++count));
    mkdirSync(directory);
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'data_dir_locked' });
  });

  it('that is newer is refused', async () => {
    directory = join(folder, String(++count));
    mkdirSync(directory);
    const driver = openSqlite(join(directory, 'pitwall.db'));
    await bringUp(driver, 'sqlite');
    await driver.exclusively((session) =>
      session.run("UPDATE _prisma_migrations SET migration_name = '29990101000000_later'"),
    );
    await driver.close();
    await expect(start()).rejects.toMatchObject({ code: 'database_refused' });
  });

  it('is started again when it ends by itself', async () => {
    directory = join(folder, String(++count));
    mkdirSync(directory);
    let thread: Worker | undefined;
    const database = await start({ start: (given) => (thread = startDatabaseThread(given)) });
    await database.jobs.save([sampleJob()]);
    await thread?.terminate();
    await expect(database.jobs.find('a')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: "The database's thread has ended.",
    });
    await eventually(async () => expect(await database.jobs.find('a')).toEqual(sampleJob()));
    expect(lines).toEqual([
      "The database's thread has ended. Traffic doesn't need it; it's tried again.",
      'The database works again.',
    ]);
  });

  it('that is away holds nothing up', async () => {
    directory = join(folder, String(++count));
    rmSync(directory, { recursive: true, force: true });
    const database = await start();
    expect(database.state()).toMatchObject({ state: 'degraded' });
    const server = await start({ url: 'postgresql://u:secret@127.0.0.1:1/pit' });
    expect(server.shared).toBe(true);
    expect(server.state()).toEqual({
      state: 'degraded',
      why: "The database at 127.0.0.1:1 can't be used: it can't be reached.",
    });
    await expect(server.jobs.find('a')).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('has a URL that is checked first', async () => {
    await expect(start({ url: 'mysql://x' })).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
