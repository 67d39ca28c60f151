import { roleSchema, type Role } from '../../contracts/access.ts';
import type { Person } from '../../contracts/people.ts';
import { PitwallError } from '../../kernel/errors.ts';
import type { DatabaseClient } from '../database/driver.ts';

/** A row of people with what shows whether somebody has joined. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly disabled: boolean;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  readonly accounts: readonly unknown[];
}

/** What a query for people includes. */
export const WITH_ACCOUNTS = { accounts: { select: { id: true }, take: 1 } } as const;

export function personOf(row: PersonRow): Person {
  const { id, name, email, disabled } = row;
  return {
    id,
    name,
    email,
    role: roleOf(row.role),
    disabled,
    joined: row.accounts.length > 0,
    createdAt: row.createdAt.getTime(),
    lastSeenAt: row.lastSeenAt?.getTime() ?? null,
  };
}

/** A role that another version wrote allows the least. */
function roleOf(text: string): Role {
  return roleSchema.safeParse(text).data ?? 'viewer';
}

/** @throws PitwallError conflict when nobody but `id` could administer any more */
export async function keepAnAdmin(client: Pick<DatabaseClient, 'user'>, id: string): Promise<void> {
  const others = await client.user.count({
    where: { role: 'admin', disabled: false, id: { not: id }, accounts: { some: {} } },
  });
  if (others > 0) return;
  const own = await client.user.count({ where: { id, role: 'admin', disabled: false, accounts: { some: {} } } });
  if (own > 0)
    throw new PitwallError('conflict', 'This is the last admin: make somebody else an admin first, and let them join.');
}
