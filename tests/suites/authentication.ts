import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenIn } from '../../lib/auth/session-cookie.ts';
import { createAuthentication } from '../../lib/storage/auth/authentication.ts';
import type { DatabaseClient } from '../../lib/storage/database/driver.ts';

type Authentication = ReturnType<typeof createAuthentication>;

export interface AuthenticationScene {
  readonly client: DatabaseClient;
  readonly provider: 'sqlite' | 'postgresql';
  close(): Promise<void>;
}

const SECRET = 'x'.repeat(43);
const PASSWORD = 'correct horse battery';
const FROM = { address: '192.0.2.7', agent: 'Tests/1.0' };

/** What every database has to keep of people, sessions, tokens and one-time links. */
export function authenticationSuite(name: string, open: () => Promise<AuthenticationScene>): void {
  describe(`who may come in, on ${name}`, () => {
    let scene: AuthenticationScene;
    let auth: Authentication;

    beforeEach(async () => {
      scene = await open();
      const { client, provider } = scene;
      auth = createAuthentication({ client, provider, secret: SECRET, url: 'http://localhost:3000' });
    });
    afterEach(() => scene.close());

    async function firstAdmin(): Promise<string> {
      const { secret } = (await auth.invitations.make(null))!;
      const opened = await auth.invitations.accept(
        secret,
        { name: 'Ada', email: 'Ada@Example.com', password: PASSWORD },
        FROM,
      );
      return opened!.session.person.id;
    }
    async function join(email: string, role: 'viewer' | 'operator' | 'admin'): Promise<string> {
      const { id } = (await auth.people.add({ name: email, email, role }))!;
      const { secret } = (await auth.invitations.make(id))!;
      await auth.invitations.accept(secret, { password: PASSWORD }, FROM);
      return id;
    }
    const tokenOf = (cookies: readonly string[]): string => tokenIn(cookies[0] ?? '', SECRET) ?? 'none';

    it('the first link makes an admin, once', async () => {
      const old = (await auth.invitations.make(null))!;
      const { secret, expiresAt } = (await auth.invitations.make(null))!;
      expect(expiresAt).toBeGreaterThan(Date.now());
      expect(await auth.invitations.look(old.secret)).toBeUndefined();
      expect(await auth.invitations.look(secret)).toEqual({ purpose: 'first-admin', name: null, email: null });
      const given = { name: 'Ada', email: 'Ada@Example.com', password: PASSWORD };
      const both = await Promise.all([
        auth.invitations.accept(secret, given, FROM),
        auth.invitations.accept(secret, { ...given, email: 'eve@example.com' }, FROM),
      ]);
      expect(both.filter((opened) => opened !== undefined)).toHaveLength(1);
      const people = await auth.people.list();
      expect(people).toEqual([expect.objectContaining({ role: 'admin', joined: true, disabled: false })]);
      expect(await auth.invitations.look(secret)).toBeUndefined();
      expect(await auth.invitations.make(null)).toBeUndefined();
      expect(await auth.invitations.accept(secret, given, FROM)).toBeUndefined();
    });

    it('a link that wasn’t used is worth nothing once there is an admin', async () => {
      const { secret } = (await auth.invitations.make(null))!;
      await join('ada@example.com', 'admin');
      expect(await auth.invitations.look(secret)).toBeUndefined();
      expect(
        await auth.invitations.accept(secret, { email: 'eve@example.com', password: PASSWORD }, FROM),
      ).toBeUndefined();
      expect(await auth.people.list()).toHaveLength(1);
    });

    it('a log-in opens a session, whatever the case of the address, and only with the password', async () => {
      const id = await firstAdmin();
      const opened = (await auth.logIns.byPassword('ADA@example.com', PASSWORD, FROM))!;
      expect(opened.cookies[0]).toMatch(/^pitwall\.session_token=.*HttpOnly; SameSite=Lax/);
      expect(opened.session).toMatchObject({ address: FROM.address, agent: FROM.agent, person: { id, name: 'Ada' } });
      expect(await auth.sessions.find(tokenOf(opened.cookies))).toEqual(opened.session);
      expect(await auth.sessions.find(`${tokenOf(opened.cookies)}x`)).toBeUndefined();
      expect(await auth.logIns.byPassword('ada@example.com', 'wrong horse battery', FROM)).toBeUndefined();
      expect(await auth.logIns.byPassword('nobody@example.com', PASSWORD, FROM)).toBeUndefined();
      expect(await auth.logIns.byPassword('no address', PASSWORD, FROM)).toBeUndefined();
    });

    it('people who haven’t joined, or are disabled, can’t log in', async () => {
      await firstAdmin();
      const { id } = (await auth.people.add({ name: 'Bo', email: 'bo@example.com', role: 'viewer' }))!;
      expect(await auth.logIns.byPassword('bo@example.com', PASSWORD, FROM)).toBeUndefined();
      const { secret } = (await auth.invitations.make(id))!;
      expect(await auth.invitations.look(secret)).toEqual({ purpose: 'person', name: 'Bo', email: 'bo@example.com' });
      const joined = (await auth.invitations.accept(secret, { password: PASSWORD }, FROM))!;
      expect(await auth.sessions.find(tokenOf(joined.cookies))).toMatchObject({ person: { id, role: 'viewer' } });
      await auth.people.change(id, { disabled: true });
      expect(await auth.sessions.find(tokenOf(joined.cookies))).toBeUndefined();
      expect(await auth.logIns.byPassword('bo@example.com', PASSWORD, FROM)).toBeUndefined();
      await auth.people.change(id, { disabled: false });
      expect(await auth.sessions.find(tokenOf(joined.cookies))).toBeUndefined();
      expect(await auth.logIns.byPassword('bo@example.com', PASSWORD, FROM)).toBeDefined();
    });

    it('another role, and a new password, end the sessions of before', async () => {
      await firstAdmin();
      const id = await join('bo@example.com', 'viewer');
      const first = (await auth.logIns.byPassword('bo@example.com', PASSWORD, FROM))!;
      expect(await auth.people.change(id, { name: 'Bob' })).toMatchObject({ name: 'Bob', role: 'viewer' });
      expect(await auth.sessions.find(tokenOf(first.cookies))).toBeDefined();
      expect(await auth.people.change(id, { role: 'operator' })).toMatchObject({ role: 'operator' });
      expect(await auth.sessions.find(tokenOf(first.cookies))).toBeUndefined();
      const second = (await auth.logIns.byPassword('bo@example.com', PASSWORD, FROM))!;
      const { secret } = (await auth.invitations.make(id))!;
      await auth.invitations.accept(secret, { password: 'another horse battery' }, FROM);
      expect(await auth.sessions.find(tokenOf(second.cookies))).toBeUndefined();
      expect(await auth.logIns.byPassword('bo@example.com', PASSWORD, FROM)).toBeUndefined();
      expect(await auth.logIns.byPassword('bo@example.com', 'another horse battery', FROM)).toBeDefined();
    });

    it('a provider vouches for people who were added, by its own name for them once they came', async () => {
      await firstAdmin();
      const { id } = (await auth.people.add({ name: 'Bo', email: 'bo@example.com', role: 'operator' }))!;
      const who = { issuer: 'https://id.example', subject: 'u-7', email: 'Bo@Example.com', name: 'Bo' };
      const stranger = { ...who, subject: 'u-8', email: 'eve@example.com' };
      expect(await auth.logIns.byProvider(stranger, null, FROM)).toBeUndefined();
      expect(await auth.logIns.byProvider({ ...who, email: undefined }, 'admin', FROM)).toBeUndefined();
      const first = (await auth.logIns.byProvider(who, null, FROM))!;
      expect(first.cookies).toEqual([
        expect.stringMatching(/^pitwall\.session_token=\S+; Max-Age=604\d{3}; Path=\/; HttpOnly; SameSite=Lax$/),
      ]);
      expect(first.session).toMatchObject({ ...FROM, person: { id, role: 'operator', joined: true } });
      expect(await auth.sessions.find(tokenOf(first.cookies))).toEqual(first.session);
      // Another address, or none that is vouched for: still the same person.
      const later = await auth.logIns.byProvider({ ...who, email: undefined }, null, FROM);
      expect(later).toMatchObject({ session: { person: { id } } });
      // The address given to somebody else there isn't the account here.
      expect(await auth.logIns.byProvider({ ...who, subject: 'u-9' }, 'admin', FROM)).toBeUndefined();
      const elsewhere = { ...who, issuer: 'https://other.example', subject: 'u-7' };
      expect(await auth.logIns.byProvider(elsewhere, null, FROM)).toMatchObject({ session: { person: { id } } });
      await auth.people.change(id, { disabled: true });
      expect(await auth.logIns.byProvider(who, 'admin', FROM)).toBeUndefined();
      expect(await auth.sessions.find(tokenOf(first.cookies))).toBeUndefined();
    });

    it('newcomers come in with the role that is set for them', async () => {
      const who = { issuer: 'https://id.example', subject: 'u-1', email: 'New@Example.com', name: undefined };
      const opened = await auth.logIns.byProvider(who, 'viewer', { address: null, agent: null });
      const person = { name: 'new@example.com', email: 'new@example.com', role: 'viewer', joined: true };
      expect(opened).toMatchObject({ session: { address: null, agent: null, person } });
      expect(await auth.people.list()).toHaveLength(1);
    });

    it('a session older than a day gets its next token, and the old one works for another minute', async () => {
      const id = await firstAdmin();
      const opened = (await auth.logIns.byPassword('ada@example.com', PASSWORD, FROM))!;
      const { id: old, expiresAt } = opened.session;
      expect(await auth.logIns.rotate(id, old)).toEqual([]);
      const { client } = scene;
      await client.session.update({ where: { id: old }, data: { updatedAt: new Date(Date.now() - 86_400_001) } });
      expect(await auth.logIns.rotate('somebody else', old)).toEqual([]);
      const both = await Promise.all([auth.logIns.rotate(id, old), auth.logIns.rotate(id, old)]);
      const cookies = both.flat();
      expect(cookies).toHaveLength(1);
      expect(tokenOf(cookies)).not.toBe(tokenOf(opened.cookies));
      const next = (await auth.sessions.find(tokenOf(cookies)))!;
      expect(next).toEqual({ ...opened.session, id: next.id });
      const handover = (await auth.sessions.find(tokenOf(opened.cookies)))!;
      expect(handover.id).toBe(old);
      expect(handover.expiresAt).toBeLessThanOrEqual(Date.now() + 60_000);
      expect(next.expiresAt).toBe(expiresAt);
      expect(await auth.logIns.rotate(id, old)).toEqual([]);
      expect((await auth.sessions.list(id)).map((session) => session.id)).toContain(next.id);
      expect((await auth.sessions.list(id)).map((session) => session.id)).not.toContain(old);
      // Ended, both are.
      expect(await auth.sessions.end(id, next.id)).toBe(true);
      expect(await auth.sessions.find(tokenOf(cookies))).toBeUndefined();
      expect(await auth.sessions.find(tokenOf(opened.cookies))).toBeUndefined();
    });

    it('sessions and links that have expired are deleted, and no others', async () => {
      const ada = await firstAdmin();
      const { id: bo } = (await auth.people.add({ name: 'Bo', email: 'bo@example.com', role: 'viewer' }))!;
      const opened = (await auth.logIns.byPassword('ada@example.com', PASSWORD, FROM))!;
      const { secret } = (await auth.invitations.make(bo))!;
      expect(await auth.sessions.prune()).toBe(0);
      const past = { data: { expiresAt: new Date(Date.now() - 1) } };
      await scene.client.session.update({ where: { id: opened.session.id }, ...past });
      expect(await auth.sessions.prune()).toBe(1);
      expect(await scene.client.session.findMany()).toMatchObject([{ userId: ada }]);
      expect(await auth.invitations.look(secret)).toBeDefined();
      await scene.client.verification.updateMany(past);
      expect(await auth.sessions.prune()).toBe(1);
    });

    it('sessions are listed and ended one by one, by their person alone', async () => {
      const ada = await firstAdmin();
      const bo = await join('bo@example.com', 'viewer');
      const opened = (await auth.logIns.byPassword('bo@example.com', PASSWORD, FROM))!;
      expect((await auth.sessions.list(bo)).map(({ id }) => id)).toContain(opened.session.id);
      expect(await auth.sessions.list(bo)).toHaveLength(2);
      expect(await auth.sessions.end(ada, opened.session.id)).toBe(false);
      expect(await auth.sessions.end(bo, opened.session.id)).toBe(true);
      expect(await auth.sessions.end(bo, opened.session.id)).toBe(false);
      expect(await auth.sessions.find(tokenOf(opened.cookies))).toBeUndefined();
      await scene.client.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
      expect(await auth.sessions.list(bo)).toEqual([]);
    });

    it('the last admin stays', async () => {
      const ada = await firstAdmin();
      // Who was only invited couldn't come in.
      const invited = (await auth.people.add({ name: 'Cy', email: 'cy@example.com', role: 'admin' }))!;
      const refused = {
        code: 'conflict',
        message: 'This is the last admin: make somebody else an admin first, and let them join.',
      };
      await expect(auth.people.remove(ada)).rejects.toMatchObject(refused);
      await expect(auth.people.change(ada, { role: 'viewer' })).rejects.toMatchObject(refused);
      await expect(auth.people.change(ada, { disabled: true })).rejects.toMatchObject(refused);
      expect(await auth.people.remove(invited.id)).toBe(true);
      await join('bo@example.com', 'admin');
      expect(await auth.people.remove(ada)).toBe(true);
      expect(await auth.people.remove(ada)).toBe(false);
      expect(await auth.people.change(ada, { name: 'x' })).toBeUndefined();
      expect(await auth.people.list()).toHaveLength(1);
    });

    it('two admins can’t take the role from each other at once', async () => {
      const one = await firstAdmin();
      for (let round = 0; round < 5; round += 1) {
        const two = await join(`bo${round}@example.com`, 'admin');
        const took = await Promise.allSettled([one, two].map((id) => auth.people.change(id, { role: 'viewer' })));
        const admins = (await auth.people.list()).filter(({ role }) => role === 'admin');
        expect(admins.length).toBeGreaterThan(0);
        for (const each of took.filter(({ status }) => status === 'rejected')) {
          expect((each as PromiseRejectedResult).reason).toBeInstanceOf(Error);
        }
        for (const { id } of admins.slice(1)) await auth.people.remove(id);
        const [last] = (await auth.people.list()).filter(({ role }) => role === 'admin');
        if (last?.id !== one) {
          await auth.people.change(one, { role: 'admin' });
          await auth.people.remove(last?.id ?? '');
        } else await auth.people.remove(two);
      }
    });

    it('an admin who hasn’t joined is nobody’s last one', async () => {
      const { id } = (await auth.people.add({ name: 'Typo', email: 'typo@exmaple.com', role: 'admin' }))!;
      expect(await auth.people.change(id, { role: 'viewer' })).toMatchObject({ role: 'viewer' });
      expect(await auth.people.remove(id)).toBe(true);
    });

    it('a token has no more than its maker has now', async () => {
      await firstAdmin();
      const id = await join('bo@example.com', 'admin');
      const scopes = ['clear', 'people', 'look'] as const;
      const { secret } = await auth.tokens.make({ name: 'deploy', scopes, expiresInMs: 86_400_000, by: id });
      expect(await auth.tokens.find(secret)).toMatchObject({ scopes });
      await auth.people.change(id, { role: 'viewer' });
      expect(await auth.tokens.find(secret)).toMatchObject({ scopes: ['look'] });
      expect(await auth.tokens.list()).toMatchObject([{ scopes: ['look'] }]);
    });

    it('an address belongs to one person', async () => {
      await firstAdmin();
      expect(await auth.people.add({ name: 'Eve', email: 'ADA@EXAMPLE.COM', role: 'admin' })).toBeUndefined();
      expect(await auth.invitations.make('nobody')).toBeUndefined();
    });

    it('tokens are kept as hashes, and end with what ends them', async () => {
      const ada = await firstAdmin();
      const bo = await join('bo@example.com', 'operator');
      const wanted = { name: 'deploy', scopes: ['look', 'clear'] as const, expiresInMs: 3_600_000 };
      const { token, secret } = await auth.tokens.make({ ...wanted, by: ada });
      expect(secret).toMatch(/^pw_\w{40,}$/);
      expect(token).toMatchObject({ name: 'deploy', scopes: ['look', 'clear'], createdBy: 'Ada', lastUsedAt: null });
      expect(Math.abs(token.expiresAt - Date.now() - 3_600_000)).toBeLessThan(60_000);
      expect(JSON.stringify(await scene.client.apikey.findMany())).not.toContain(secret.slice(8));
      expect(await auth.tokens.find(secret)).toMatchObject({ id: token.id, scopes: ['look', 'clear'] });
      expect((await auth.tokens.list())[0]?.lastUsedAt).toBeGreaterThan(0);
      for (const wrong of ['pw_nothing', `${secret}x`, '']) expect(await auth.tokens.find(wrong)).toBeUndefined();

      const local = await auth.tokens.make({ ...wanted, by: null });
      expect(local.token.createdBy).toBe('Somebody at the machine');
      expect(await auth.tokens.find(local.secret)).toMatchObject({ id: local.token.id });
      expect(await auth.tokens.revoke(local.token.id)).toBe(true);
      expect(await auth.tokens.revoke(local.token.id)).toBe(false);
      expect(await auth.tokens.find(local.secret)).toBeUndefined();

      const his = await auth.tokens.make({ ...wanted, by: bo });
      await auth.people.change(bo, { disabled: true });
      expect(await auth.tokens.find(his.secret)).toBeUndefined();
      await auth.people.remove(bo);
      expect((await auth.tokens.list()).map(({ id }) => id)).toEqual([token.id]);
      await scene.client.apikey.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
      expect(await auth.tokens.find(secret)).toBeUndefined();
    });
  });
}
