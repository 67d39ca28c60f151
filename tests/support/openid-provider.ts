import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** Somebody whom the provider knows. */
export interface OpenIdPerson {
  readonly subject: string;
  readonly email?: string;
  readonly verified?: boolean;
  readonly name?: string;
}

export interface OpenIdProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is at the browser from now on; null = somebody who says no. */
  person: OpenIdPerson | null;
  /** Goes to `location` as a browser does, until it leads to our own page. @returns that page's query */
  visit(location: string): Promise<string>;
  close(): Promise<void>;
}

/** A real OpenID provider (node-oidc-provider) on a free port, at which nobody has to press anything. */
export async function startOpenIdProvider(redirectUrl: string): Promise<OpenIdProvider> {
  const server: Server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: 'pitwall', clientSecret: 'a-secret-of-the-provider' };
  const state: { person: OpenIdPerson | null } = { person: null };
  // It warns of what is for a quick start alone, as this is.
  const { warn } = console;
  console.warn = () => undefined;
  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUrl] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['for tests'] },
    features: { devInteractions: { enabled: false } },
    // Each visit asks anew who is there.
    ttl: { Session: 1, Grant: 60, Interaction: 60, AccessToken: 60, IdToken: 60 },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => {
        const { email, verified = true, name } = state.person ?? {};
        return { sub: accountId, email, email_verified: verified, name };
      },
    }),
    async loadExistingGrant({ oidc: { client, session } }) {
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  });
  const handle = provider.callback();
  console.warn = warn;
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
    const { person } = state;
    const result =
      person === null
        ? { error: 'access_denied', error_description: 'said no' }
        : { login: { accountId: person.subject } };
    void provider.interactionFinished(request, response, result);
  });

  return Object.assign(state, {
    issuer,
    ...client,
    async visit(location: string) {
      const cookies = new Map<string, string>();
      for (let next = location; ;) {
        if (next.startsWith(redirectUrl)) return new URL(next).search;
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const set of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
          cookies.set(name, value);
        }
        const to = response.headers.get('location');
        if (to === null) throw new Error(`${next} answers ${response.status}: ${await response.text()}`);
        next = new URL(to, next).href;
      }
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  });
}
