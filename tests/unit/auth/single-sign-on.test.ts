import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSingleSignOn } from '../../../lib/auth/single-sign-on.ts';
import type { Logger } from '../../../lib/kernel/logger.ts';
import { startOpenIdProvider, type OpenIdProvider } from '../../support/openid-provider.ts';

const REDIRECT = 'https://pitwall.example/login';
const ADA = { subject: 'u-1', email: 'Ada@shop.example', name: 'Ada Lovelace' };
let provider: OpenIdProvider;
let now = Date.now();
const clock = { wall: () => now, mono: () => performance.now() };

beforeAll(async () => {
  provider = await startOpenIdProvider(REDIRECT);
});
afterAll(() => provider.close());

const logged: string[] = [];
const logger: Logger = { debug() {}, info() {}, warn: (message) => void logged.push(message), error() {} };
const signOn = (over: object = {}) =>
  createSingleSignOn({ ...provider, redirectUrl: REDIRECT, secret: 'x'.repeat(43), clock, logger, ...over });

describe('a single sign-on', () => {
  it('comes back with whom the provider vouches for', async () => {
    provider.person = ADA;
    const sso = signOn();
    const { location, journey } = await sso.begin();
    const asked = new URL(location).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: 'pitwall',
      redirect_uri: REDIRECT,
      scope: 'openid email profile',
      code_challenge_method: 'S256',
    });
    const query = await provider.visit(location);
    expect(await sso.finish(query, journey)).toEqual({
      issuer: provider.issuer,
      subject: 'u-1',
      email: 'Ada@shop.example',
      name: 'Ada Lovelace',
    });
    // Once: the provider takes no code twice.
    await expect(sso.finish(query, journey)).rejects.toMatchObject({ code: 'login_refused' });
  });

  it('takes no address that the provider doesn’t vouch for', async () => {
    provider.person = { ...ADA, verified: false };
    const sso = signOn();
    const { location, journey } = await sso.begin();
    const query = await provider.visit(location);
    expect(await sso.finish(query, journey)).toMatchObject({ subject: 'u-1', email: undefined });
  });

  it('belongs to the browser that began it, for a quarter of an hour', async () => {
    provider.person = ADA;
    const sso = signOn();
    const [mine, other] = [await sso.begin(), await sso.begin()];
    const query = await provider.visit(mine.location);
    const refused = { code: 'login_refused' };
    await expect(sso.finish(query, other.journey)).rejects.toMatchObject(refused);
    await expect(sso.finish(query, 'none')).rejects.toMatchObject(refused);
    await expect(sso.finish(query, `${mine.journey}x`)).rejects.toMatchObject(refused);
    const [text] = mine.journey.split('.');
    await expect(sso.finish(query, `${text}.`)).rejects.toMatchObject(refused);
    await expect(signOn({ secret: 'y'.repeat(43) }).finish(query, mine.journey)).rejects.toMatchObject(refused);
    now += 15 * 60_000 + 1;
    await expect(sso.finish(query, mine.journey)).rejects.toThrow('longer than 15 minutes');
    now -= 15 * 60_000 + 1;
    expect(await sso.finish(query, mine.journey)).toMatchObject({ subject: 'u-1' });
  });

  it('says what the provider says: a refusal, a made-up answer, wrong credentials of ours', async () => {
    provider.person = null;
    const sso = signOn();
    const { location, journey } = await sso.begin();
    const query = await provider.visit(location);
    await expect(sso.finish(query, journey)).rejects.toMatchObject({
      code: 'login_refused',
      message: 'The provider refused: said no.',
    });
    await expect(sso.finish('?code=made-up&state=made-up', journey)).rejects.toMatchObject({ code: 'login_refused' });
    provider.person = ADA;
    const wrong = signOn({ clientSecret: 'not it' });
    const begun = await wrong.begin();
    const answer = await provider.visit(begun.location);
    await expect(wrong.finish(answer, begun.journey)).rejects.toMatchObject({ code: 'login_refused' });
  });

  it('says that the provider is away, and asks again once it’s back', async () => {
    const broken = createServer((_request, response) => void response.writeHead(503).end());
    await new Promise<void>((ready) => broken.listen(0, '127.0.0.1', ready));
    const { port } = broken.address() as AddressInfo;
    const sso = signOn({ issuer: `http://127.0.0.1:${port}` });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(sso.begin()).rejects.toMatchObject({ code: 'sign_on_unavailable' });
    }
    expect(logged).toContain(`A log-in at http://127.0.0.1:${port} failed.`);
    await new Promise((closed) => broken.close(closed));
    await expect(sso.begin()).rejects.toMatchObject({ code: 'sign_on_unavailable' });
  });
});
