import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../../lib/kernel/logger.ts';
import { createDatabaseHost, type DatabaseHost } from '../../../../lib/storage/database/host.ts';
import { readMigrations } from '../../../../lib/storage/database/migrations.ts';
import { createRepositories } from '../../../../lib/storage/create-repositories.ts';
import { openSqlite } from '../../../../lib/storage/database/sqlite.ts';
import { sampleJob } from '../../../suites/job-repository.ts';
import { FOR_TESTS, temporaryFolder } from '../../../support/database.ts';
import { eventually } from '../../../support/eventually.ts';
import { manualTimers } from '../../../support/jobs.ts';

describe('the host of a database', () => {
  const { folder, remove } = temporaryFolder();
  let file = '';
  let host: DatabaseHost;
  let count = 0;
  const states: string[] = [];

  afterEach(async () => {
    await host.close();
    states.length = 0;
    if (count === 6) remove();
  });

  function scene(migrations = readMigrations('sqlite'), path = join(folder, `dir-${++count}`)) {
    mkdirSync(path, { recursive: true });
    file = join(path, 'pitwall.db');
    const timers = manualTimers(manualClock());
    const lines: string[] = [];
    host = createDatabaseHost({
      open: () => openSqlite(file),
      name: 'test.db',
      migrations,
      repositories: (client) =>
        createRepositories(client, { provider: 'sqlite', secret: FOR_TESTS.secret, url: FOR_TESTS.consoleUrl }),
      newId: () => crypto.randomUUID(),
      after: timers.after,
      onState: (state) => states.push(state.state === 'ok' ? 'ok' : state.why),
      logger: { ...silentLogger, info: (line) => void lines.push(line), warn: (line) => void lines.push(line) },
    });
    return { timers, lines, path };
  }

  it('brings it up to date and keeps jobs', async () => {
    const { lines } = scene();
    await host.start();
    expect(states).toEqual(['ok']);
    // A new one is no news.
    expect(lines).toEqual([]);
    await host.jobs.save([sampleJob()]);
    expect(await host.jobs.find('a')).toEqual(sampleJob());
    expect(await host.jobs.list({ limit: 1 })).toEqual([sampleJob()]);
    await host.jobs.prune({ keep: 0, endedBefore: 0 });
    await host.close();
    await expect(host.jobs.find('a')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'The database is closed.',
    });
  });

  it('starts without one that is away, and takes it when it comes', async () => {
    const { timers, path } = scene();
    rmSync(path, { recursive: true });
    await host.start();
    const why = "The database test.db can't be used: Cannot open database because the directory does not exist.";
    expect(states).toEqual([why]);
    await expect(host.jobs.save([])).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: why,
      retryAfter: 1,
    });
    await timers.pass(1_000);
    expect(states).toEqual([why, why, why]);
    mkdirSync(path);
    await timers.pass(5_000);
    await eventually(() => expect(states.at(-1)).toBe('ok'));
    await host.jobs.save([sampleJob()]);
  });

  it('opens it anew when it breaks', async () => {
    const { timers } = scene();
    await host.start();
    const broken = { ...sampleJob(), title: null } as never;
    const calls = await Promise.allSettled([host.jobs.save([broken]), host.jobs.save([broken])]);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(states).toHaveLength(2);
    expect(states[1]).toContain("The database test.db can't be used: ");
    await timers.pass(250);
    await eventually(() => expect(states.at(-1)).toBe('ok'));
    await host.jobs.save([sampleJob()]);
  });

  it('says what is wrong with a file that is no database', async () => {
    scene();
    writeFileSync(file, 'x'.repeat(5_000));
    await host.start();
    expect(states).toEqual(["The database test.db can't be used: file is not a database."]);
  });

  it('refuses one that is newer at the start, and waits for one that becomes newer', async () => {
    const { timers, path } = scene();
    await host.start();
    await host.close();
    scene([], path);
    await expect(host.start()).rejects.toMatchObject({ code: 'database_refused' });
    expect(states).toEqual(['ok']);
    expect(timers).toBeDefined();
  });

  it('warns of a migration that was changed, and stops trying once it is closed', async () => {
    const { path } = scene();
    await host.start();
    await host.close();
    const { lines, timers } = scene(
      readMigrations('sqlite').map((migration) => ({ ...migration, checksum: 'other' })),
      path,
    );
    await host.start();
    expect(lines).toEqual(
      readMigrations('sqlite').map(({ name }) => `The migration ${name} has changed since it was applied.`),
    );
    await host.close();
    const before = states.length;
    await timers.pass(10_000);
    expect(states).toHaveLength(before);
  });
});
