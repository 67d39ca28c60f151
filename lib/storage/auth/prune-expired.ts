import type { DatabaseClient } from '../database/driver.ts';

/** Deletes sessions, one-time links and journeys to a provider that have expired: they never work again. How many. */
export async function pruneExpired(client: Pick<DatabaseClient, 'session' | 'verification'>): Promise<number> {
  const where = { expiresAt: { lt: new Date() } };
  const ended = await client.session.deleteMany({ where });
  const links = await client.verification.deleteMany({ where });
  return ended.count + links.count;
}
