import type { People } from '../../auth/people.ts';
import type { DatabaseClient } from '../database/driver.ts';
import { keepAnAdmin, personOf, WITH_ACCOUNTS } from './person.ts';

export function createPeople(client: DatabaseClient): People {
  /** As if nobody else did anything meanwhile: two admins who take the role from each other would both find another. */
  const alone = <T>(work: (tx: Pick<DatabaseClient, 'user' | 'session' | 'apikey' | 'verification'>) => Promise<T>) =>
    client.$transaction(work, { isolationLevel: 'Serializable' });

  return {
    async list() {
      const rows = await client.user.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }], include: WITH_ACCOUNTS });
      return rows.map(personOf);
    },
    async add({ name, email, role }) {
      const at = new Date();
      const address = email.toLowerCase();
      const data = { id: crypto.randomUUID(), name, email: address, role, createdAt: at, updatedAt: at };
      return client.$transaction(async (tx) => {
        if ((await tx.user.findUnique({ where: { email: address } })) !== null) return undefined;
        return personOf(await tx.user.create({ data, include: WITH_ACCOUNTS }));
      });
    },
    change: (id, change) =>
      alone(async (tx) => {
        const before = await tx.user.findUnique({ where: { id } });
        if (before === null) return undefined;
        const less = (change.role ?? before.role) !== before.role || (change.disabled ?? false);
        if (less) {
          if (change.role !== 'admin' || change.disabled === true) await keepAnAdmin(tx, id);
          await tx.session.deleteMany({ where: { userId: id } });
        }
        const row = await tx.user.update({
          where: { id },
          data: { ...change, updatedAt: new Date() },
          include: WITH_ACCOUNTS,
        });
        return personOf(row);
      }),
    remove: (id) =>
      alone(async (tx) => {
        await keepAnAdmin(tx, id);
        await tx.apikey.deleteMany({ where: { referenceId: id } });
        await tx.verification.deleteMany({ where: { value: id } });
        return (await tx.user.deleteMany({ where: { id } })).count > 0;
      }),
  };
}
