import { PitwallError } from '../../kernel/errors.ts';
import type { Migration } from './migrations.ts';

/** One connection, alone with the database's form, in a transaction. */
export interface MigrationSession {
  /** Runs statements. */
  run(script: string): Promise<void>;
  rows(query: string): Promise<unknown[][]>;
  /** The table that Prisma's command line would make. */
  readonly table: string;
  /** An SQL expression: now. */
  readonly now: string;
}

export interface MigrateOptions {
  /** Oldest first. */
  readonly migrations: readonly Migration[];
  readonly newId: () => string;
  /** Told of an applied migration whose file has changed since. */
  readonly onChanged: (name: string) => void;
}

/**
 * Brings the database to the form of this code, keeping _prisma_migrations as Prisma's command line would.
 * Returns the names of what it applied. Throws `database_refused` for a database that is newer than the code,
 * or that another tool left half-way.
 */
export async function migrate(
  session: MigrationSession,
  { migrations, newId, onChanged }: MigrateOptions,
): Promise<string[]> {
  await session.run(session.table);
  const applied = new Map<string, string>();
  const rows = await session.rows(
    'SELECT "migration_name", "checksum", CASE WHEN "finished_at" IS NULL THEN 0 ELSE 1 END ' +
      'FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL',
  );
  for (const [name, checksum, finished] of rows) {
    if (Number(finished) === 0) {
      throw new PitwallError('database_refused', `The database is half-way through its migration ${String(name)}.`);
    }
    applied.set(String(name), String(checksum));
  }
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const foreign = [...applied.keys()].find((name) => !known.has(name));
  if (foreign !== undefined) {
    throw new PitwallError(
      'database_refused',
      `The database is newer than this Pitwall, which doesn't know its migration ${foreign}: start the newer version, or take the migration back with its down.sql.`,
    );
  }
  const news: string[] = [];
  for (const { name, up, checksum } of migrations) {
    const before = applied.get(name);
    if (before !== undefined && before !== checksum) onChanged(name);
    if (before !== undefined) continue;
    await session.run(up);
    await session.run(
      'INSERT INTO "_prisma_migrations" ' +
        '("id", "checksum", "finished_at", "migration_name", "started_at", "applied_steps_count") ' +
        `VALUES ('${newId()}', '${checksum}', ${session.now}, '${name}', ${session.now}, 1)`,
    );
    news.push(name);
  }
  return news;
}
