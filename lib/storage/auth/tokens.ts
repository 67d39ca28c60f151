import { permissionSchema, ROLE_PERMISSIONS, type Permission } from '../../contracts/access.ts';
import type { Token } from '../../contracts/tokens.ts';
import type { Tokens } from '../../auth/tokens.ts';
import type { DatabaseClient } from '../database/driver.ts';
import type { Engine } from './engine.ts';
import { personOf, WITH_ACCOUNTS } from './person.ts';
import { isRefusal } from './sessions.ts';

/** Whose a token is that somebody at the machine made. */
const LOCAL = 'local';
interface Maker {
  readonly name: string;
  readonly permissions: readonly Permission[];
}
const AT_THE_MACHINE: Maker = { name: 'Somebody at the machine', permissions: ROLE_PERMISSIONS.admin };
/** better-auth groups permissions; ours are one group. */
const GROUP = 'pitwall';

export function createTokens(client: DatabaseClient, engine: () => Promise<Engine>): Tokens {
  /** Whose tokens these are. */
  async function makers(ids: readonly string[]): Promise<Map<string, Maker>> {
    const rows = await client.user.findMany({ where: { id: { in: [...ids] } }, include: WITH_ACCOUNTS });
    const people = rows
      .map(personOf)
      .map(({ id, name, role, disabled }): [string, Maker] => [
        id,
        { name, permissions: disabled ? [] : ROLE_PERMISSIONS[role] },
      ]);
    return new Map([[LOCAL, AT_THE_MACHINE], ...people]);
  }

  return {
    async make({ name, scopes, expiresInMs, by }) {
      const { api } = await engine();
      const referenceId = by ?? LOCAL;
      const made = await api.createApiKey({
        body: {
          userId: referenceId,
          name,
          expiresIn: Math.ceil(expiresInMs / 1_000),
          permissions: { [GROUP]: [...scopes] },
        },
      });
      const row = await client.apikey.findUniqueOrThrow({ where: { id: made.id } });
      return { token: tokenOf(row, (await makers([referenceId])).get(referenceId)), secret: made.key };
    },
    async find(secret) {
      const { api } = await engine();
      const { valid, key } = await api.verifyApiKey({ body: { key: secret } }).catch((error: unknown) => {
        if (isRefusal(error)) return { valid: false, key: null };
        throw error;
      });
      if (!valid || key === null) return undefined;
      const row = await client.apikey.findUnique({ where: { id: key.id } });
      const by = row === null ? undefined : (await makers([row.referenceId])).get(row.referenceId);
      return row === null || by === undefined || by.permissions.length === 0 ? undefined : tokenOf(row, by);
    },
    async list() {
      const rows = await client.apikey.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] });
      const found = await makers(rows.map(({ referenceId }) => referenceId));
      return rows.map((row) => tokenOf(row, found.get(row.referenceId)));
    },
    revoke: async (id) => (await client.apikey.deleteMany({ where: { id } })).count > 0,
  };
}

interface TokenRow {
  readonly id: string;
  readonly name: string | null;
  readonly start: string | null;
  readonly permissions: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastRequest: Date | null;
}

/** With what its maker may still do. */
function tokenOf(row: TokenRow, maker: Maker | undefined): Token {
  return {
    id: row.id,
    name: row.name ?? '',
    start: row.start ?? '',
    scopes: scopesOf(row.permissions).filter((scope) => maker?.permissions.includes(scope)),
    createdAt: row.createdAt.getTime(),
    createdBy: maker?.name ?? '',
    expiresAt: row.expiresAt?.getTime() ?? 0,
    lastUsedAt: row.lastRequest?.getTime() ?? null,
  };
}

/** A permission that this version doesn't know allows nothing. */
function scopesOf(text: string | null): Token['scopes'] {
  const parsed = JSON.parse(text ?? '{}') as Readonly<Record<string, readonly unknown[]>>;
  return (parsed[GROUP] ?? []).flatMap((scope) => permissionSchema.safeParse(scope).data ?? []);
}
