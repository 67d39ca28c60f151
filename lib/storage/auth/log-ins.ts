import { randomBytes } from 'node:crypto';
import type { LogIns } from '../../auth/log-ins.ts';
import { setCookie, tokenIn } from '../../auth/session-cookie.ts';
import { LONGEST_AGENT, type OpenedSession, type Origin } from '../../auth/sessions.ts';
import type { DatabaseClient } from '../database/driver.ts';
import { SESSION_S, type Engine, type EngineOptions } from './engine.ts';
import { WITH_ACCOUNTS } from './person.ts';
import { HANDOVER_MS, isRefusal, sessionOf, WITH_PERSON } from './sessions.ts';

/** Age of a session's token after which it gets the next, ms. */
const TOKEN_MS = 86_400_000;

export function createLogIns(
  client: DatabaseClient,
  engine: () => Promise<Engine>,
  { secret, url }: Pick<EngineOptions, 'secret' | 'url'>,
): LogIns {
  /** Whoever the password belongs to; undefined for nobody. */
  async function signIn(email: string, password: string, from: Origin): Promise<Headers | undefined> {
    const { api } = await engine();
    const headers = new Headers();
    if (from.agent !== null) headers.set('user-agent', from.agent.slice(0, LONGEST_AGENT));
    try {
      return (await api.signInEmail({ body: { email, password }, headers, returnHeaders: true })).headers;
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  const cookieOf = (token: string, expiresAt: Date): string => {
    const seconds = Math.floor((expiresAt.getTime() - Date.now()) / 1_000);
    return setCookie(token, { secret, seconds, secure: url.startsWith('https:') });
  };

  return {
    async byPassword(email, password, from): Promise<OpenedSession | undefined> {
      const headers = await signIn(email, password, from);
      const cookies = headers?.getSetCookie() ?? [];
      const token = cookies.map((cookie) => tokenIn(cookie, secret)).find((found) => found !== undefined);
      if (token === undefined) return undefined;
      const found = await client.session.findUnique({ where: { token }, include: WITH_PERSON });
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

    async byProvider({ issuer, subject, email, name }, newcomers, from) {
      const at = new Date();
      const times = { createdAt: at, updatedAt: at };
      const token = randomBytes(32).toString('base64url');
      const expiresAt = new Date(at.getTime() + SESSION_S * 1_000);
      const row = await client.$transaction(async (tx) => {
        const linked = await tx.account.findFirst({ where: { providerId: issuer, accountId: subject } });
        const address = email?.toLowerCase();
        const where = linked === null ? { email: address ?? '' } : { id: linked.userId };
        let user = await tx.user.findUnique({ where, include: { accounts: true } });
        if (user === null && linked === null && address !== undefined && newcomers !== null) {
          const data = { id: crypto.randomUUID(), name: name ?? address, email: address, role: newcomers, ...times };
          user = await tx.user.create({ data, include: { accounts: true } });
        }
        if (user === null || user.disabled) return undefined;
        if (linked === null) {
          // The provider gave this address to somebody else: that isn't the one who has the account here.
          if (user.accounts.some(({ providerId }) => providerId === issuer)) return undefined;
          const data = { id: crypto.randomUUID(), accountId: subject, providerId: issuer, userId: user.id, ...times };
          await tx.account.create({ data });
        }
        await tx.user.update({ where: { id: user.id }, data: { lastSeenAt: at } });
        const agent = from.agent?.slice(0, LONGEST_AGENT) ?? null;
        const data = { id: crypto.randomUUID(), token, userId: user.id, expiresAt, ...times };
        return tx.session.create({
          data: { ...data, ipAddress: from.address, userAgent: agent },
          include: { user: { include: WITH_ACCOUNTS } },
        });
      });
      return row && { session: sessionOf(row), cookies: [cookieOf(token, expiresAt)] };
    },

    async rotate(person, id) {
      const at = new Date();
      const old = await client.session.findFirst({ where: { id, userId: person } });
      if (old === null || at.getTime() - old.updatedAt.getTime() < TOKEN_MS) return [];
      const handover = new Date(at.getTime() + HANDOVER_MS);
      if (old.expiresAt <= handover) return [];
      const token = randomBytes(32).toString('base64url');
      const rotated = await client.$transaction(async (tx) => {
        const still = { id, expiresAt: old.expiresAt };
        const { count } = await tx.session.updateMany({ where: still, data: { expiresAt: handover } });
        // Another request was first.
        if (count === 0) return false;
        await tx.session.create({ data: { ...old, id: crypto.randomUUID(), token, updatedAt: at } });
        return true;
      });
      return rotated ? [cookieOf(token, old.expiresAt)] : [];
    },
  };
}
