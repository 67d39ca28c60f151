import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver } from '../../lib/storage/database/driver.ts';
import { migrate } from '../../lib/storage/database/migrate.ts';
import { readMigrations, type DatabaseProvider } from '../../lib/storage/database/migrations.ts';

/** What the database's thread is told beside where the database is. */
export const FOR_TESTS = {
  secret: 'a secret of tests, long enough to sign',
  consoleUrl: 'http://localhost:3000',
} as const;

/** A temporary folder, and what removes it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-database-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Brings a database to the newest form; the names of what was applied. */
export function bringUp(driver: Driver, provider: DatabaseProvider): Promise<string[]> {
  return driver.exclusively((session) =>
    migrate(session, {
      migrations: readMigrations(provider),
      newId: () => crypto.randomUUID(),
      onChanged(name) {
        throw new Error(`${name} changed`);
      },
    }),
  );
}
