import { afterAll, beforeAll, expect, it } from 'vitest';
import { journalPageSchema } from '../../lib/contracts/journal.ts';
import { begunSignOnSchema } from '../../lib/contracts/sign-on.ts';
import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

/* The real server with a real OpenID provider. Who comes "by a proxy" isn't at the machine. */

const PITWALL_URL = 'https://pitwall.example';
const BY_PROXY = { 'x-forwarded-for': '192.0.2.1', 'content-type': 'application/json' };
let provider: OpenIdProvider;
let server: ReadyServer;
beforeAll(async () => {
  provider = await startOpenIdProvider(`${PITWALL_URL}/login`);
  server = await startServer({
    PITWALL_URL,
    PITWALL_LOCAL_ADMIN: 'on',
    PITWALL_OIDC_ISSUER: provider.issuer,
    PITWALL_OIDC_CLIENT_ID: provider.clientId,
    PITWALL_OIDC_CLIENT_SECRET: provider.clientSecret,
    PITWALL_OIDC_NAME: 'Shop ID',
  });
});
afterAll(async () => {
  await server.stop();
  await provider.close();
});

const post = (path: string, body: object, headers: Record<string, string> = BY_PROXY): Promise<Response> =>
  fetch(server.consoleUrl + path, { method: 'POST', body: JSON.stringify(body), headers });

async function logIn(): Promise<Response> {
  const { location, journey } = begunSignOnSchema.parse(await (await post('/api/sign-on', {})).json());
  return post('/api/sign-on/finish', { query: await provider.visit(location), journey });
}

it('logs in whom an admin has added and the provider vouches for, and nobody else; the journal has both', async () => {
  const offered = await fetch(`${server.consoleUrl}/api/sign-on`, { headers: BY_PROXY });
  expect(await offered.json()).toEqual({ singleSignOn: { name: 'Shop ID' } });

  provider.person = { subject: 'u-1', email: 'ada@shop.example', name: 'Ada' };
  const refused = await logIn();
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({
    code: 'login_refused',
    detail: 'You have no account here, or it’s disabled: ask an admin.',
  });

  const added = await post(
    '/api/people',
    { name: 'Ada', email: 'ada@shop.example', role: 'operator' },
    {
      'content-type': 'application/json',
    },
  );
  expect(added.status).toBe(200);
  const opened = await logIn();
  expect(opened.status).toBe(200);
  const [cookie = ''] = opened.headers.getSetCookie();
  expect(cookie).toMatch(/^__Secure-pitwall\.session_token=.*; HttpOnly; Secure; SameSite=Lax$/);
  const session = await fetch(`${server.consoleUrl}/api/session`, {
    headers: { ...BY_PROXY, cookie: cookie.split(';')[0] ?? '' },
  });
  expect(await session.json()).toMatchObject({
    actor: { kind: 'person', email: 'ada@shop.example', role: 'operator' },
  });

  const journal = await fetch(`${server.consoleUrl}/api/journal?text=signIn`);
  const { entries } = journalPageSchema.parse(await journal.json());
  const signIns = entries.filter(({ action }) => action === 'signIn');
  expect(signIns.map(({ outcome, who }) => [outcome, who])).toEqual([
    ['done', 'ada@shop.example'],
    ['refused', 'ada@shop.example'],
  ]);
  expect(server.output()).not.toContain(provider.clientSecret);
});
