import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import { identityOfSession, identityOfToken, LOCAL, SCRAPER, type Identity } from './identity.ts';
import { clientKey, type Limit } from './limit.ts';
import { isLocal } from './local.ts';
import { tokenIn } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';
import type { Tokens } from './tokens.ts';

/** How long what was found of a cookie or token holds without asking again, ms: revoked elsewhere, it works this long. */
const HOLDS_MS = 5_000;
/** Most cookies and tokens that are remembered. */
const MAX_KNOWN = 1_000;
/** Longest cookie header and token that are looked at, characters. */
const MAX_CREDENTIAL = 8_192;

/** A request, as far as it tells who asks. */
export interface Asking {
  readonly peer: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Finds out who asks. */
export interface Authenticator {
  /**
   * A bearer token rules, then a session, then being at the machine. Undefined for a stranger.
   * Rejects with `login_required` for a token that doesn't work, `too_many_requests` after too many of those, and
   * `storage_unavailable` while the database can't be asked.
   */
  identify(request: Asking): Promise<Identity | undefined>;
  /** Somebody's rights have changed, or a session or token has ended: nothing that was found holds any more. */
  forget(): void;
}

export interface AuthenticatorOptions {
  /** Undefined in a process without a console, as the next. */
  readonly sessions?: Pick<Sessions, 'find'>;
  readonly tokens?: Pick<Tokens, 'find'>;
  /** Whether somebody at the machine is admin. */
  readonly localAdmin: boolean;
  /** May read metrics; undefined = there is none. */
  readonly metricsToken: string | undefined;
  /** What cookies are signed with. */
  readonly secret: string;
  /** By client. */
  readonly wrongTokens: Limit;
  readonly clock: Clock;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { sessions, tokens, secret: cookieSecret, localAdmin, metricsToken, wrongTokens, clock } = options;
  let known = new Map<string, { readonly identity: Identity | undefined; readonly until: number }>();
  /** Tokens that worked when they were last shown. */
  const worked = new Set<string>();
  const metricsHash = metricsToken === undefined ? undefined : sha256(metricsToken);

  /** What a credential stands for; who is found is remembered, who isn't is asked about each time. */
  async function remembered(key: string, find: () => Promise<Identity | undefined>): Promise<Identity | undefined> {
    const found = known.get(key);
    if (found !== undefined && clock.mono() < found.until) return found.identity;
    const mine = known;
    const identity = await find();
    known.delete(key);
    // Asked before something changed, the answer may be of before.
    if (identity === undefined || mine !== known) return identity;
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value as string);
    known.set(key, { identity, until: clock.mono() + HOLDS_MS });
    return identity;
  }

  async function byToken(secret: string, peer: string): Promise<Identity> {
    const hash = sha256(secret);
    if (metricsHash !== undefined && timingSafeEqual(hash, metricsHash)) return SCRAPER;
    const key = `token ${hash.toString('base64')}`;
    const client = clientKey(peer);
    // Others behind the same proxy may show wrong ones.
    if (!worked.has(key)) await wrongTokens.check(client);
    const identity = await remembered(key, async () => {
      const token = secret.length > MAX_CREDENTIAL ? undefined : await tokens?.find(secret);
      return token && identityOfToken(token);
    });
    if (identity !== undefined) {
      worked.add(key);
      if (worked.size > MAX_KNOWN) worked.delete(worked.values().next().value as string);
      return identity;
    }
    // One that has worked is no guess, and whoever shows it has to learn that it's over.
    if (!worked.delete(key)) await wrongTokens.take(client);
    throw new PitwallError('login_required', 'This token doesn’t work: it is unknown, revoked or expired.');
  }

  /** What isn't signed by us is nobody's, and costs the database nothing. */
  async function bySession(cookie: string): Promise<Identity | undefined> {
    const token = cookie.length > MAX_CREDENTIAL ? undefined : tokenIn(cookie, cookieSecret);
    if (token === undefined) return undefined;
    return remembered(`cookie ${sha256(token).toString('base64')}`, async () => {
      const session = await sessions?.find(token);
      return session && identityOfSession(session);
    });
  }

  return {
    async identify(request) {
      const { authorization, cookie } = request.headers;
      const [, secret] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
      if (secret !== undefined) return byToken(secret, request.peer ?? '');
      if (cookie !== undefined && sessions !== undefined) {
        const identity = await bySession(cookie);
        if (identity !== undefined) return identity;
      }
      return localAdmin && isLocal(request) ? LOCAL : undefined;
    },
    forget() {
      known = new Map();
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
