import { afterEach, describe, expect, it } from 'vitest';
import { openPostgresql } from '../../../../lib/storage/database/postgresql.ts';
import { openSqlite } from '../../../../lib/storage/database/sqlite.ts';
import type { Driver } from '../../../../lib/storage/database/driver.ts';

describe.each([
  ['PostgreSQL', () => openPostgresql('postgresql://u:secret@127.0.0.1:1/pit')],
  ['SQLite', () => openSqlite('/nowhere/at/all/pitwall.db')],
])('a driver of %s that reaches nothing', (_name, open) => {
  let driver: Driver;
  afterEach(() => driver.close());

  it('rejects, without its password, and never before it is asked', async () => {
    driver = open();
    await expect(driver.exclusively(() => Promise.resolve(1))).rejects.toThrow(/^(?!.*secret)/);
    await expect(driver.probe()).rejects.toThrow(/^(?!.*secret)/);
  });
});
