import type { PrismaClient } from './generated/sqlite/client.ts';
import type { MigrationSession } from './migrate.ts';

/** The models, on either database. */
export type DatabaseClient = PrismaClient;

/** What Pitwall asks of a database beyond its models. Connects when it's first used. */
export interface Driver {
  readonly client: DatabaseClient;
  /** Runs `work` in a transaction that no other process shares the database's form with. */
  exclusively<T>(work: (session: MigrationSession) => Promise<T>): Promise<T>;
  /** Rejects while the database can't be used. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
