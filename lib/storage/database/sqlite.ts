import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaClient } from './generated/sqlite/client.ts';
import type { MigrationSession } from './migrate.ts';
import type { Driver } from './driver.ts';

/** Wait for another process that writes, ms. Only the database's own thread waits. */
const BUSY_MS = 5_000;

/** WAL with FULL: an answered write survives the end of the process and a power cut. It's some 0.5 ms more than NORMAL. */
const SETTINGS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;';

/** As Prisma's schema engine makes it. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/** SQLite in one file. Everything it does is synchronous: it belongs into a thread of its own. */
export function openSqlite(file: string): Driver {
  const plain = new PrismaBetterSqlite3({ url: `file:${file}`, timeout: BUSY_MS });
  async function connect(): ReturnType<typeof plain.connect> {
    const connection = await plain.connect();
    await connection.executeScript(SETTINGS);
    return connection;
  }
  const client = new PrismaClient({
    adapter: { provider: plain.provider, adapterName: plain.adapterName, connect },
  });

  return {
    client,
    async exclusively(work) {
      const connection = await connect();
      const session: MigrationSession = {
        run: (script) => connection.executeScript(script),
        rows: async (sql) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows,
        table: TABLE,
        // As Prisma's engine writes times: ms since the epoch.
        now: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
      };
      try {
        await connection.executeScript('BEGIN IMMEDIATE');
        const answer = await work(session);
        await connection.executeScript('COMMIT');
        return answer;
      } finally {
        // Closing takes an open transaction back.
        await connection.dispose();
      }
    },
    // A write, not a look: a full disk still reads.
    probe: async () => void (await client.$executeRawUnsafe('PRAGMA user_version = 1')),
    close: () => client.$disconnect(),
  };
}
