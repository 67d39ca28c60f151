import type { DatabaseClient } from '../database/driver.ts';

export interface EngineOptions {
  readonly client: DatabaseClient;
  readonly provider: 'sqlite' | 'postgresql';
  /** Signs cookies; at least 32 characters. */
  readonly secret: string;
  /** Where people reach the console; with https, cookies are for TLS alone. */
  readonly url: string;
  /** Whether somebody will log in soon: then it's loaded at once, beside what else starts. */
  readonly early?: boolean;
}

/** How long a log-in lasts, s. */
export const SESSION_S = 7 * 86_400;
/** In front of a token's secret, so that people and secret scanners know it. */
const TOKEN_PREFIX = 'pw_';
/** Of the longest name that the contract takes. */
const TOKEN_NAME = 60;
/** Bounds of the contract, in days: a minute to a year. */
const TOKEN_DAYS = { minExpiresIn: 0, maxExpiresIn: 366 };

export type Engine = Awaited<ReturnType<typeof makeEngine>>;

/**
 * better-auth on the database of this thread. Made when it's first needed: loading it takes a second and some 50 MB,
 * which a console that only somebody at the machine uses never pays.
 */
export function createEngine(options: EngineOptions): () => Promise<Engine> {
  let made: Promise<Engine> | undefined;
  function engine(): Promise<Engine> {
    made ??= makeEngine(options).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  }
  // What fails now fails again, and is told, when it's used.
  if (options.early === true) engine().catch(() => undefined);
  return engine;
}

async function makeEngine({ client, provider, secret, url }: EngineOptions) {
  const [{ betterAuth }, { prismaAdapter }, { apiKey }] = await Promise.all([
    import('better-auth/minimal'),
    import('better-auth/adapters/prisma'),
    import('@better-auth/api-key'),
  ]);
  const auth = betterAuth({
    secret,
    baseURL: url,
    database: prismaAdapter(client, { provider }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, input: false },
        disabled: { type: 'boolean', required: false, input: false, defaultValue: false },
      },
    },
    // A session is as old as its log-in: nothing makes it longer.
    session: { expiresIn: SESSION_S, disableSessionRefresh: true },
    advanced: { cookiePrefix: 'pitwall', useSecureCookies: url.startsWith('https:') },
    plugins: [
      apiKey({
        defaultPrefix: TOKEN_PREFIX,
        maximumNameLength: TOKEN_NAME,
        keyExpiration: TOKEN_DAYS,
        // lib/auth limits what comes in, before it's asked here.
        rateLimit: { enabled: false },
      }),
    ],
    rateLimit: { enabled: false },
    // What it would log is in the journal, without the words of a library.
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
  return { api: auth.api, password: (await auth.$context).password };
}
