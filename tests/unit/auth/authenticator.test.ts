import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../lib/auth/authenticator.ts';
import { setCookie } from '../../../lib/auth/session-cookie.ts';
import { createLimit } from '../../../lib/auth/limit.ts';
import type { KeptSession } from '../../../lib/auth/sessions.ts';
import type { Token } from '../../../lib/contracts/tokens.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';

const token: Token = {
  id: 't1',
  name: 'deploy',
  start: 'pw_abc',
  scopes: ['clear'],
  createdAt: 0,
  createdBy: 'Ada',
  expiresAt: 1,
  lastUsedAt: null,
};
const session: KeptSession = {
  id: 's1',
  createdAt: 0,
  expiresAt: 1,
  address: null,
  agent: null,
  person: {
    id: 'p1',
    name: 'Bo',
    email: 'bo@example.com',
    role: 'operator',
    disabled: false,
    joined: true,
    createdAt: 0,
    lastSeenAt: null,
  },
};
const SECRET = 'x'.repeat(43);
const cookieOf = (token: string): string => setCookie(token, { secret: SECRET, seconds: 9, secure: false });
const COOKIE = `a=b; ${cookieOf('good')}`;
const here = (headers: Record<string, string> = {}) => ({
  peer: '127.0.0.1',
  headers: { host: 'localhost', ...headers },
});
const away = (headers: Record<string, string> = {}) => ({
  peer: '10.0.0.9',
  headers: { host: 'pw.example', ...headers },
});

function scene({ localAdmin = true, metricsToken }: { localAdmin?: boolean; metricsToken?: string } = {}) {
  const clock = manualClock();
  const asked: string[] = [];
  const world = { token: token as Token | undefined, session: session as KeptSession | undefined, down: false };
  const look = async <T>(what: string, found: () => T): Promise<T> => {
    asked.push(what);
    if (world.down) throw new PitwallError('storage_unavailable', 'The database is away.');
    return found();
  };
  const authenticator = createAuthenticator({
    sessions: { find: (given) => look('session', () => (given === 'good' ? world.session : undefined)) },
    tokens: { find: (secret) => look('token', () => (secret === 'pw_good' ? world.token : undefined)) },
    secret: SECRET,
    localAdmin,
    metricsToken,
    wrongTokens: createLimit({ name: 'tokens', most: 3, seconds: 60, what: 'wrong tokens' }),
    clock,
  });
  return { authenticator, asked, world, clock };
}

describe('who asks', () => {
  it('is the admin at the machine, unless that is turned off, or a proxy stands between', async () => {
    const { authenticator, asked } = scene();
    expect(await authenticator.identify(here())).toMatchObject({ actor: { kind: 'local' } });
    expect(await authenticator.identify(here({ 'x-forwarded-for': '1.2.3.4' }))).toBeUndefined();
    expect(await authenticator.identify(away())).toBeUndefined();
    expect(await scene({ localAdmin: false }).authenticator.identify(here())).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('is the person of the session, at the machine too', async () => {
    const { authenticator } = scene();
    for (const from of [here, away]) {
      const identity = await authenticator.identify(from({ cookie: COOKIE }));
      expect(identity).toMatchObject({ actor: { kind: 'person', id: 'p1', role: 'operator' }, session: 's1' });
      expect(identity?.permissions).toContain('clear');
      expect(identity?.permissions).not.toContain('people');
    }
    // An old cookie doesn't lock out whoever is at the machine.
    expect(await authenticator.identify(here({ cookie: cookieOf('old') }))).toMatchObject({
      actor: { kind: 'local' },
    });
  });

  it('asks the database once in 5 s for the same, and at once after something has changed', async () => {
    const { authenticator, asked, world, clock } = scene();
    for (let i = 0; i < 10; i++) await authenticator.identify(away({ cookie: COOKIE }));
    expect(asked).toHaveLength(1);
    world.session = undefined;
    expect(await authenticator.identify(away({ cookie: COOKIE }))).toBeDefined();
    clock.advance(5_000);
    expect(await authenticator.identify(away({ cookie: COOKIE }))).toBeUndefined();
    world.session = session;
    expect(await authenticator.identify(away({ cookie: COOKIE }))).toBeDefined();
    world.session = undefined;
    authenticator.forget();
    expect(await authenticator.identify(away({ cookie: COOKIE }))).toBeUndefined();
  });

  it('doesn’t remember what was asked before something changed', async () => {
    const { authenticator, world } = scene();
    const before = authenticator.identify(away({ cookie: COOKIE }));
    authenticator.forget();
    world.session = undefined;
    await before;
    expect(await authenticator.identify(away({ cookie: COOKIE }))).toBeUndefined();
  });

  it('looks at cookies of its own alone', async () => {
    const { authenticator, asked } = scene();
    for (const cookie of [
      `other=1; x${cookieOf('good')}`,
      'pitwall.session_token=good',
      'pitwall.session_token=good.c2lnbmVk',
      'pitwall.session_token=%E0%A4%A',
      setCookie('good', { secret: 'another secret', seconds: 9, secure: true }),
    ]) {
      expect(await authenticator.identify(away({ cookie }))).toBeUndefined();
    }
    await authenticator.identify(away({ cookie: `pitwall.session_token=${'x'.repeat(10_000)}` }));
    expect(asked).toEqual([]);
  });

  it('is a token before anything else; one that doesn’t work is refused, at the machine too', async () => {
    const { authenticator } = scene();
    const identity = await authenticator.identify(here({ authorization: 'Bearer pw_good', cookie: COOKIE }));
    expect(identity).toEqual({
      actor: { kind: 'token', id: 't1', name: 'deploy' },
      permissions: ['clear'],
      session: null,
    });
    await expect(authenticator.identify(here({ authorization: 'bearer pw_bad' }))).rejects.toMatchObject({
      code: 'login_required',
    });
    // Somebody's Basic credentials are for somebody else.
    expect(await authenticator.identify(here({ authorization: 'Basic abc' }))).toMatchObject({
      actor: { kind: 'local' },
    });
  });

  it('is turned away after too many wrong tokens, with a right one too, and nobody else is', async () => {
    const { authenticator, asked } = scene();
    const ask = (secret: string, peer = '10.0.0.9') =>
      authenticator.identify({ peer, headers: { authorization: `Bearer ${secret}` } });
    for (let i = 0; i < 3; i++) await expect(ask(`pw_bad${i}`)).rejects.toMatchObject({ code: 'login_required' });
    await expect(ask('pw_good')).rejects.toMatchObject({ code: 'too_many_requests' });
    expect(asked).toHaveLength(3);
    expect(await ask('pw_good', '10.0.0.8')).toBeDefined();
  });

  it('goes on with a token that has worked, whoever shows wrong ones from the same address', async () => {
    const { authenticator, world, clock } = scene();
    const ask = (secret: string) =>
      authenticator.identify({ peer: '10.0.0.9', headers: { authorization: `Bearer ${secret}` } });
    await ask('pw_good');
    for (let i = 0; i < 3; i++) await expect(ask(`pw_bad${i}`)).rejects.toMatchObject({ code: 'login_required' });
    clock.advance(5_000);
    expect(await ask('pw_good')).toBeDefined();
    world.token = undefined;
    clock.advance(5_000);
    // Revoked, it's told so: its sockets are cut, however many others guess.
    await expect(ask('pw_good')).rejects.toMatchObject({ code: 'login_required' });
    await expect(ask('pw_bad')).rejects.toMatchObject({ code: 'too_many_requests' });
  });

  it('may read metrics with the token of the environment, and nothing else', async () => {
    const { authenticator, asked } = scene({ metricsToken: 'scrape-me-please' });
    expect(await authenticator.identify(away({ authorization: 'Bearer scrape-me-please' }))).toMatchObject({
      permissions: ['metrics'],
    });
    expect(asked).toEqual([]);
  });

  it('can’t be told while the database is away; at the machine it can', async () => {
    const { authenticator, world } = scene();
    world.down = true;
    await expect(authenticator.identify(away({ cookie: COOKIE }))).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    await expect(authenticator.identify(away({ authorization: 'Bearer pw_good' }))).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    expect(await authenticator.identify(here())).toBeDefined();
  });

  it('remembers a bounded number of credentials', async () => {
    const { asked, clock } = scene();
    const authenticator = createAuthenticator({
      sessions: {
        find: (given) => {
          asked.push(given);
          return Promise.resolve(session);
        },
      },
      secret: SECRET,
      localAdmin: false,
      metricsToken: undefined,
      wrongTokens: createLimit({ name: 'tokens', most: 3, seconds: 60, what: 'wrong tokens' }),
      clock,
    });
    const ask = (i: number) => authenticator.identify(away({ cookie: cookieOf(String(i)) }));
    for (let i = 0; i <= 1_000; i++) await ask(i);
    expect(asked).toHaveLength(1_001);
    await ask(1_000);
    expect(asked).toHaveLength(1_001);
    await ask(0);
    expect(asked).toHaveLength(1_002);
  });
});
