import type { KeptSession, Sessions } from '../../auth/sessions.ts';
import type { DatabaseClient } from '../database/driver.ts';
import { personOf, WITH_ACCOUNTS, type PersonRow } from './person.ts';
import { pruneExpired } from './prune-expired.ts';

/** How long a session's old token works beside the new one, ms. */
export const HANDOVER_MS = 60_000;

/** What a query for sessions includes. */
export const WITH_PERSON = { user: { include: WITH_ACCOUNTS } } as const;

export function createSessions(client: DatabaseClient): Sessions {
  return {
    async find(token) {
      const row = await client.session.findUnique({ where: { token }, include: WITH_PERSON });
      return row === null || row.user.disabled || row.expiresAt <= new Date() ? undefined : sessionOf(row);
    },
    async list(person) {
      // What ends within the handover has a successor, or as good as ended.
      const rows = await client.session.findMany({
        where: { userId: person, expiresAt: { gt: new Date(Date.now() + HANDOVER_MS) } },
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        include: WITH_PERSON,
      });
      return rows.map(sessionOf);
    },
    async end(person, id) {
      const own = { userId: person };
      const row = await client.session.findFirst({ where: { ...own, id } });
      if (row === null) return false;
      // What it was handed over from goes with it: both are of one log-in.
      const where = { ...own, createdAt: row.createdAt };
      // Until there's none: one may be handed over just now.
      while ((await client.session.deleteMany({ where })).count > 0);
      return true;
    },
    prune: () => pruneExpired(client),
  };
}

interface SessionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly user: PersonRow;
}

export function sessionOf(row: SessionRow): KeptSession {
  return {
    id: row.id,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    address: row.ipAddress,
    agent: row.userAgent === '' ? null : row.userAgent,
    person: personOf(row.user),
  };
}

/** better-auth refuses by throwing an error with a status of 4xx. */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof code === 'number' && code >= 400 && code < 500;
}
