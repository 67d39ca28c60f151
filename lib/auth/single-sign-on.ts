import { createHmac, timingSafeEqual } from 'node:crypto';
import * as oidc from 'openid-client';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Vouched } from './log-ins.ts';

/** Longest wait for an answer of the provider, s. */
const TIMEOUT_S = 10;
/** How long somebody may take at the provider, ms. */
const JOURNEY_MS = 15 * 60_000;

export interface SingleSignOnOptions {
  /** https, or http on loopback. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends people back to. */
  readonly redirectUrl: string;
  /** Signs what a browser keeps meanwhile. */
  readonly secret: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A log-in at an OpenID provider under way; the browser that began it keeps `journey` until it's back. */
export interface Begun {
  readonly location: string;
  readonly journey: string;
}

/** Log-ins at an OpenID provider: authorization code flow (OpenID Connect Core section 3.1) with PKCE (RFC 7636). */
export interface SingleSignOn {
  /** Rejects with `sign_on_unavailable`. */
  begin(): Promise<Begun>;
  /**
   * @param query what the provider added to the address
   * Rejects with `login_refused` for what the provider or we don't accept, and with `sign_on_unavailable`.
   */
  finish(query: string, journey: string): Promise<Vouched>;
}

interface Journey {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Wall ms. */
  readonly until: number;
}

export function createSingleSignOn(options: SingleSignOnOptions): SingleSignOn {
  const { issuer, clientId, clientSecret, redirectUrl, secret, clock, logger } = options;
  const key = createHmac('sha256', secret).update('pitwall single sign-on').digest();
  let discovered: Promise<oidc.Configuration> | undefined;

  /** The provider's own description of itself, asked for until it's there (OpenID Connect Discovery section 4). */
  function provider(): Promise<oidc.Configuration> {
    discovered ??= oidc
      .discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: TIMEOUT_S,
        execute: issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
      })
      .catch((error: unknown) => {
        discovered = undefined;
        throw error;
      });
    return discovered;
  }

  /** People are told in short; whoever runs this sees the whole. */
  function failed(error: unknown): never {
    logger.warn(`A log-in at ${issuer} failed.`, { error });
    return translate(error);
  }

  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest();

  function seal(journey: Journey): string {
    const text = Buffer.from(JSON.stringify(journey)).toString('base64url');
    return `${text}.${sign(text).toString('base64url')}`;
  }

  function open(sealed: string): Journey {
    const [text = '', signature = ''] = sealed.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = sign(text);
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw refused(NOT_BEGUN);
    const journey = JSON.parse(Buffer.from(text, 'base64url').toString()) as Journey;
    if (clock.wall() > journey.until) throw refused('It took longer than 15 minutes: log in again.');
    return journey;
  }

  return {
    async begin() {
      const verifier = oidc.randomPKCECodeVerifier();
      const journey = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier };
      const configuration = await provider().catch(failed);
      const location = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUrl,
        scope: 'openid email profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: journey.state,
        nonce: journey.nonce,
      });
      return { location: location.href, journey: seal({ ...journey, until: clock.wall() + JOURNEY_MS }) };
    },

    async finish(query, sealed) {
      const { state, nonce, verifier } = open(sealed);
      try {
        const configuration = await provider();
        const answered = new URL(redirectUrl);
        answered.search = query;
        const tokens = await oidc.authorizationCodeGrant(configuration, answered, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims() as oidc.IDToken;
        const asks = claims.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
        const more = asks ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims;
        return {
          issuer: claims.iss,
          subject: claims.sub,
          email: more.email_verified === true && isPlain(more.email) ? more.email : undefined,
          name: typeof more.name === 'string' && more.name.trim() !== '' ? more.name.trim().slice(0, 100) : undefined,
        };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** Of letters that look alike or become one in lower case, another person's address could be made. */
const isPlain = (email: unknown): email is string => typeof email === 'string' && /^[\x21-\x7e]{3,254}$/.test(email);

const NOT_BEGUN = 'This log-in wasn’t begun in this tab: log in again.';
const refused = (why: string, cause?: unknown): PitwallError => new PitwallError('login_refused', why, { cause });

/** Ours, for what openid-client throws. */
function translate(error: unknown): never {
  if (error instanceof oidc.AuthorizationResponseError) {
    throw refused(`The provider refused: ${error.error_description ?? error.error}.`, error);
  }
  if (error instanceof oidc.ResponseBodyError && error.status < 500) {
    throw refused(`The provider refused: ${error.error_description ?? error.error}.`, error);
  }
  // What it says of us, in the address or in its tokens, doesn't hold.
  const code = error instanceof oidc.ClientError ? (error.code ?? '') : '';
  if (/INVALID_RESPONSE|JWT|CLAIM|KEY_SELECTION/.test(code)) {
    throw refused(`The provider’s answer doesn’t hold: ${(error as Error).message}.`, error);
  }
  throw new PitwallError('sign_on_unavailable', 'The provider of the single sign-on doesn’t answer as it should.', {
    cause: error,
    retryAfter: 5,
  });
}
