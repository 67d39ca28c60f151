import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { Driver } from '../../lib/storage/database/driver.ts';
import { migrate } from '../../lib/storage/database/migrate.ts';
import { readMigrations, type DatabaseProvider } from '../../lib/storage/database/migrations.ts';
import { createJobRepository } from '../../lib/storage/job-repository.ts';
import { bringUp } from '../support/database.ts';
import { sampleJob } from './job-repository.ts';

/** What applying migrations keeps, on each database. `open` opens the same database anew. */
export function migrationSuite(
  provider: DatabaseProvider,
  create: () => Promise<{ open: () => Driver; close: () => Promise<void> }>,
): void {
  describe(`migrations: ${provider}`, () => {
    const ends: (() => Promise<void>)[] = [];
    const migrations = readMigrations(provider);
    const names = migrations.map(({ name }) => name);

    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    });

    async function scene(): Promise<{ driver: Driver; open: () => Driver }> {
      const { open, close } = await create();
      ends.push(close);
      const opened = (): Driver => {
        const driver = open();
        ends.push(() => driver.close());
        return driver;
      };
      return { driver: opened(), open: opened };
    }

    const rowsOf = (driver: Driver, sql: string): Promise<unknown[][]> =>
      driver.exclusively((session) => session.rows(sql));

    it('are applied once, and written down as Prisma would', async () => {
      const { driver } = await scene();
      expect(await bringUp(driver, provider)).toEqual(names);
      expect(await bringUp(driver, provider)).toEqual([]);
      const rows = await rowsOf(
        driver,
        'SELECT migration_name, checksum, applied_steps_count, rolled_back_at, logs, ' +
          '(finished_at IS NOT NULL AND started_at <= finished_at) FROM _prisma_migrations ORDER BY migration_name',
      );
      expect(rows.map((row) => [...row.slice(0, 2), Number(row[2]), row[3], row[4], Boolean(row[5])])).toEqual(
        migrations.map(({ name, up }) => [name, createHash('sha256').update(up).digest('hex'), 1, null, null, true]),
      );
    });

    it('can be taken back one by one, and applied again', async () => {
      const { driver } = await scene();
      await bringUp(driver, provider);
      for (const { name, down } of migrations.toReversed()) {
        await driver.exclusively((session) => session.run(down));
        const left = await rowsOf(driver, 'SELECT migration_name FROM _prisma_migrations');
        expect(left.flat()).not.toContain(name);
      }
      expect(await bringUp(driver, provider)).toEqual(names);
      const repository = createJobRepository(driver.client);
      await repository.save([sampleJob()]);
      expect(await repository.find('a')).toEqual(sampleJob());
    });

    it('leave nothing behind when one of them fails', async () => {
      const { driver } = await scene();
      const broken = {
        name: '29990101000000_broken',
        up: 'CREATE TABLE half (id TEXT); SELECT nothing;',
        down: '',
        checksum: 'c',
      };
      const attempt = driver.exclusively((session) =>
        migrate(session, { migrations: [...migrations, broken], newId: () => 'id', onChanged: () => undefined }),
      );
      await expect(attempt).rejects.toThrow();
      await expect(rowsOf(driver, 'SELECT * FROM half')).rejects.toThrow();
      await expect(rowsOf(driver, 'SELECT * FROM jobs')).rejects.toThrow();
      expect(await bringUp(driver, provider)).toEqual(names);
    });

    it('refuse a database that is newer, or half-way', async () => {
      const { driver } = await scene();
      await bringUp(driver, provider);
      const insert = (finished: string): Promise<void> =>
        driver.exclusively((session) =>
          session.run(
            'INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) ' +
              `VALUES ('x', 'c', '29990101000000_later', ${finished})`,
          ),
        );
      await insert('CURRENT_TIMESTAMP');
      await expect(bringUp(driver, provider)).rejects.toMatchObject({
        code: 'database_refused',
        message:
          "The database is newer than this Pitwall, which doesn't know its migration 29990101000000_later: start the newer version, or take the migration back with its down.sql.",
      });
      await driver.exclusively((session) => session.run("DELETE FROM _prisma_migrations WHERE id = 'x'"));
      await insert('NULL');
      await expect(bringUp(driver, provider)).rejects.toMatchObject({
        code: 'database_refused',
        message: 'The database is half-way through its migration 29990101000000_later.',
      });
    });

    it('tell of one that has changed since it was applied', async () => {
      const { driver } = await scene();
      await bringUp(driver, provider);
      const changed: string[] = [];
      await driver.exclusively((session) =>
        migrate(session, {
          migrations: migrations.map((migration) => ({ ...migration, checksum: 'other' })),
          newId: () => 'id',
          onChanged: (name) => changed.push(name),
        }),
      );
      expect(changed).toEqual(names);
    });

    it('leave out a stored job that cannot be read', async () => {
      const { driver } = await scene();
      await bringUp(driver, provider);
      const repository = createJobRepository(driver.client);
      await repository.save(['a', 'b', 'c', 'd', 'e'].map((id, index) => sampleJob({ id, createdAt: index })));
      await driver.exclusively((session) =>
        session.run("UPDATE jobs SET kind = 'other' WHERE id = 'd'; UPDATE jobs SET input = '{' WHERE id = 'c';"),
      );
      expect((await repository.list({ limit: 2 })).map(({ id }) => id)).toEqual(['e', 'b']);
      expect(await repository.find('c')).toBeUndefined();
      await driver.exclusively((session) => session.run("UPDATE jobs SET state = 'failed' WHERE id = 'a'"));
      expect(await repository.find('a')).toMatchObject({ state: 'failed', endedAt: 0, error: 'It failed.' });
    });
  });
}
