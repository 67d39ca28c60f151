import { createHash, randomBytes } from 'node:crypto';
import type { Invitations } from '../../auth/invitations.ts';
import type { LogIns } from '../../auth/log-ins.ts';
import type { DatabaseClient } from '../database/driver.ts';
import type { Engine } from './engine.ts';

/** How long a link works, ms. */
const FIRST_MS = 86_400_000;
const PERSON_MS = 7 * 86_400_000;
/** What a link is for that makes the first account. */
const FIRST = 'first-admin';
/** Where better-auth keeps passwords. */
const CREDENTIAL = 'credential';

/** Kept as a hash: who reads the database can't use it. */
const identifierOf = (secret: string): string => `invitation:${createHash('sha256').update(secret).digest('hex')}`;

export function createInvitations(
  client: DatabaseClient,
  engine: () => Promise<Engine>,
  logIns: Pick<LogIns, 'byPassword'>,
): Invitations {
  type Users = Pick<DatabaseClient, 'user'>;
  const hasAdmin = async (within: Users): Promise<boolean> =>
    (await within.user.count({ where: { role: 'admin', accounts: { some: {} } } })) > 0;

  /** Who it's for, as long as it works. */
  async function invited(secret: string) {
    const row = await client.verification.findFirst({
      where: { identifier: identifierOf(secret), expiresAt: { gt: new Date() } },
    });
    if (row === null) return undefined;
    if (row.value === FIRST) return (await hasAdmin(client)) ? undefined : { row, person: null };
    const person = await client.user.findUnique({ where: { id: row.value } });
    return person === null || person.disabled ? undefined : { row, person };
  }

  return {
    async make(person) {
      const possible =
        person === null ? !(await hasAdmin(client)) : (await client.user.count({ where: { id: person } })) > 0;
      if (!possible) return undefined;
      const secret = randomBytes(32).toString('base64url');
      const at = new Date();
      const value = person ?? FIRST;
      const expiresAt = new Date(at.getTime() + (person === null ? FIRST_MS : PERSON_MS));
      const row = { id: crypto.randomUUID(), identifier: identifierOf(secret), value, expiresAt };
      await client.$transaction([
        client.verification.deleteMany({ where: { value, identifier: { startsWith: 'invitation:' } } }),
        client.verification.create({ data: { ...row, createdAt: at, updatedAt: at } }),
      ]);
      return { secret, expiresAt: expiresAt.getTime() };
    },
    async look(secret) {
      const found = await invited(secret);
      if (found === undefined) return undefined;
      const { person } = found;
      return {
        purpose: person === null ? 'first-admin' : 'person',
        name: person?.name ?? null,
        email: person?.email ?? null,
      };
    },
    async accept(secret, { name, email, password }, from) {
      const found = await invited(secret);
      if (found === undefined) return undefined;
      const address = found.person?.email ?? email?.toLowerCase();
      if (address === undefined) return undefined;
      const hash = await (await engine()).password.hash(password);
      const accepted = await client.$transaction(async (tx) => {
        const { count } = await tx.verification.deleteMany({ where: { id: found.row.id } });
        if (count === 0 || (found.person === null && (await hasAdmin(tx)))) return false;
        const at = new Date();
        const times = { createdAt: at, updatedAt: at };
        // Somebody who was invited before there was an admin becomes the first.
        const { id } =
          found.person ??
          (await tx.user.upsert({
            where: { email: address },
            create: { id: crypto.randomUUID(), name: name ?? address, email: address, role: 'admin', ...times },
            update: { role: 'admin', disabled: false, updatedAt: at },
          }));
        await tx.account.deleteMany({ where: { userId: id, providerId: CREDENTIAL } });
        await tx.session.deleteMany({ where: { userId: id } });
        await tx.account.create({
          data: {
            id: crypto.randomUUID(),
            accountId: id,
            providerId: CREDENTIAL,
            userId: id,
            password: hash,
            ...times,
          },
        });
        return true;
      });
      return accepted ? logIns.byPassword(address, password, from) : undefined;
    },
  };
}
