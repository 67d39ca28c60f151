import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/postgresql/client.ts';
import type { Driver, DatabaseClient } from './driver.ts';
import type { MigrationSession } from './migrate.ts';

/** Connections at once. */
const CONNECTIONS = 4;
/** Longest wait for a connection, and for an answer, ms. */
const CONNECT_MS = 3_000;
const QUERY_MS = 4_000;
/** The advisory lock that Prisma's command line takes as well. */
const LOCK = 72_707_369;

/** As Prisma's schema engine makes it. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"              VARCHAR(64) NOT NULL,
    "finished_at"           TIMESTAMPTZ,
    "migration_name"        VARCHAR(255) NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        TIMESTAMPTZ,
    "started_at"            TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count"   INTEGER NOT NULL DEFAULT 0
)`;

/** A PostgreSQL server, reached by a URL. */
export function openPostgresql(url: string): Driver {
  const adapter = new PrismaPg({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    keepAlive: true,
    application_name: 'pitwall',
  });
  const client = new PrismaClient({ adapter });

  return {
    // One set of models: the two clients differ only in what their database can do beyond it.
    client: client as unknown as DatabaseClient,
    async exclusively(work) {
      const pool = await adapter.connect();
      try {
        const connection = await pool.startTransaction();
        const run = async (sql: string): Promise<void> => void (await connection.executeRaw(query(sql)));
        const session: MigrationSession = {
          run,
          rows: async (sql) => (await connection.queryRaw(query(sql))).rows,
          table: TABLE,
          now: 'now()',
        };
        try {
          await run(`SELECT pg_advisory_xact_lock(${LOCK})`);
          const answer = await work(session);
          await run('COMMIT');
          await connection.commit();
          return answer;
        } catch (error) {
          // A connection that broke can't be told; the server takes its transaction back.
          await run('ROLLBACK').catch(() => undefined);
          await connection.rollback();
          throw error;
        }
      } finally {
        await pool.dispose();
      }
    },
    probe: async () => void (await client.$queryRawUnsafe('SELECT 1')),
    close: () => client.$disconnect(),
  };
}

/** Without arguments the driver takes several statements at once. */
function query(sql: string): { sql: string; args: []; argTypes: [] } {
  return { sql, args: [], argTypes: [] };
}
