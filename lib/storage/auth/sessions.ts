import type { KeptSession, OpenedSession, Origin, Sessions } from '../../auth/sessions.ts';
import type { DatabaseClient } from '../database/driver.ts';
import type { Engine } from './engine.ts';
import { personOf, WITH_ACCOUNTS, type PersonRow } from './person.ts';

/** Longest name of a browser that is kept, characters. */
const AGENT = 300;

export function createSessions(client: DatabaseClient, engine: () => Promise<Engine>): Sessions {
  const withPerson = { user: { include: WITH_ACCOUNTS } } as const;

  /** Whoever the password belongs to; undefined for nobody. */
  async function signIn(email: string, password: string, from: Origin): Promise<Headers | undefined> {
    const { api } = await engine();
    const headers = new Headers();
    if (from.agent !== null) headers.set('user-agent', from.agent.slice(0, AGENT));
    try {
      return (await api.signInEmail({ body: { email, password }, headers, returnHeaders: true })).headers;
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  return {
    async open(email, password, from): Promise<OpenedSession | undefined> {
      const headers = await signIn(email, password, from);
      const cookies = headers?.getSetCookie() ?? [];
      const token = cookies.map(tokenIn).find((found) => found !== undefined);
      if (token === undefined) return undefined;
      const found = await client.session.findUnique({ where: { token }, include: withPerson });
      if (found === null) return undefined;
      if (found.user.disabled) {
        await client.session.delete({ where: { id: found.id } });
        return undefined;
      }
      const seen = { lastSeenAt: found.createdAt };
      await client.user.update({ where: { id: found.userId }, data: seen });
      const data = { ipAddress: from.address };
      await client.session.update({ where: { id: found.id }, data });
      return { session: sessionOf({ ...found, ...data, user: { ...found.user, ...seen } }), cookies };
    },
    async find(cookie) {
      const { api } = await engine();
      const found = await api.getSession({ headers: new Headers({ cookie }) });
      if (found === null) return undefined;
      const row = await client.session.findUnique({ where: { id: found.session.id }, include: withPerson });
      return row === null || row.user.disabled ? undefined : sessionOf(row);
    },
    async list(person) {
      const rows = await client.session.findMany({
        where: { userId: person, expiresAt: { gt: new Date() } },
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        include: withPerson,
      });
      return rows.map(sessionOf);
    },
    end: async (person, id) => (await client.session.deleteMany({ where: { id, userId: person } })).count > 0,
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

function sessionOf(row: SessionRow): KeptSession {
  return {
    id: row.id,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    address: row.ipAddress,
    agent: row.userAgent === '' ? null : row.userAgent,
    person: personOf(row.user),
  };
}

/** The session's token in a Set-Cookie: what is before the signature. */
function tokenIn(cookie: string): string | undefined {
  const [, value] = /^(?:__Secure-)?pitwall\.session_token=([^;]+)/.exec(cookie) ?? [];
  return value === undefined ? undefined : decodeURIComponent(value).split('.')[0];
}

/** better-auth refuses by throwing an error with a status of 4xx. */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof code === 'number' && code >= 400 && code < 500;
}
