// Over 300 lines: one table of every variable, and what is made of it.
import { z } from 'zod';
import { emailSchema } from '../contracts/session.ts';
import { ROLES as PERSON_ROLES, type Role as PersonRole } from '../contracts/access.ts';
import { asPitwallError } from '../kernel/errors.ts';
import { isLoopback } from '../kernel/loopback.ts';
import { LONGEST_TIMER } from '../kernel/longest-timer.ts';
import { parseRedisUrl } from '../kernel/redis-url.ts';
import { parseCacheKeys } from './cache-keys.ts';
import { configInvalid } from './faults.ts';
import { nearest } from './nearest.ts';
import { urlFault } from './target-url.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

function whole(what: string, min: number, max: number): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `expected ${what} from ${min} to ${max}, got ${quote(text)}` });
    return z.NEVER;
  });
}

function milliseconds(min: number, max: number): z.ZodType<number, string> {
  const expected = `expected ${min} to ${max} milliseconds, or a duration such as 30s`;
  return z.string().transform((text, context) => {
    const [, digits, unit = 'ms'] = /^(\d+)(ms|s|m|h|d)?$/.exec(text) ?? [];
    const value = Number(digits) * (UNITS[unit] ?? Number.NaN);
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `${expected}, got ${quote(text)}` });
    return z.NEVER;
  });
}

/** Never quotes the URL: a mistyped one may hold a password. */
const upstream = z.string().superRefine((url, context) => {
  const fault = urlFault(url);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

/** Never quotes the URL either. */
const redisUrl = z.string().superRefine((url, context) => {
  try {
    parseRedisUrl(url);
  } catch (error) {
    context.addIssue({ code: 'custom', message: asPitwallError(error).message });
  }
});

const databaseUrl = text4096().regex(
  /^(file:|sqlite:|postgres(ql)?:\/\/)\S/,
  'expected file:PATH, sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
);

export const ROLES = ['gateway', 'console'] as const;
/** What a process runs: the traffic, the pages, or both. */
export type Role = (typeof ROLES)[number];

const roles = z.string().transform((list, context): readonly Role[] => {
  const given = list.split(',').map((role) => role.trim());
  const known = ROLES.filter((role) => given.includes(role));
  if (given.length === new Set(given).size && given.length === known.length) return known;
  context.addIssue({
    code: 'custom',
    message: `expected gateway, console or gateway,console, got ${quote(list)}`,
  });
  return z.NEVER;
});

const logLevel = z.enum(LOG_LEVELS, {
  error: (issue) => `expected one of ${LOG_LEVELS.join(', ')}, got ${quote(String(issue.input))}`,
});

const text = text4096();

const onOff = z.enum(['on', 'off'], { error: (issue) => `expected on or off, got ${quote(String(issue.input))}` });

function text4096(): z.ZodString {
  return z.string().max(4_096, 'expected at most 4096 characters');
}

/** The variables that are read; docs/configuration.md is tested against it. */
export const environmentSchema = z.object({
  PORT: whole('a port', 0, 65_535).default(3_000).describe('Port of the console; 0 = any free one.'),
  HOST: text.default('127.0.0.1').describe('Address that the console listens on.'),
  GATEWAY_PORT: whole('a port', 0, 65_535).default(8_080).describe('Port of the gateway; 0 = any free one.'),
  GATEWAY_HOST: text.default('127.0.0.1').describe('Address that the gateway listens on.'),
  PITWALL_UPSTREAM: upstream
    .optional()
    .describe(
      'Base URL of the one origin to stand in front of; without it and PITWALL_CONFIG, what was imported in the console, else the sample origin.',
    ),
  PITWALL_CONFIG: text
    .optional()
    .describe('YAML file with services, routes and policies; not together with PITWALL_UPSTREAM.'),
  PITWALL_DATA_DIR: text
    .default('./data')
    .describe(
      'Directory for what must survive a restart (L3, clears, jobs, imports), one of its own for each process; made when missing.',
    ),
  PITWALL_WORKERS: whole('a number of workers', 1, 64)
    .default(1)
    .describe('Gateway threads, 1 to 64; more than one needs Linux.'),
  PITWALL_ROLES: roles
    .default([...ROLES])
    .describe(
      'What this process runs: gateway (the traffic), console (pages and API) or gateway,console; one alone needs REDIS_URL.',
    ),
  PITWALL_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,62}$/, 'expected 1 to 63 letters, digits, ".", "_" and "-", a letter or digit first')
    .optional()
    .describe(
      'Name of this process in a fleet: one of its own for each, the same after a restart; without it made of host, port and process id.',
    ),
  PITWALL_ENVIRONMENT: z
    .string()
    .regex(
      /^[A-Za-z0-9][\w .-]{0,23}$/,
      'expected 1 to 24 letters, digits, spaces, ".", "_" and "-", a letter or digit first',
    )
    .optional()
    .describe(
      'What the console calls this Pitwall, such as staging or production-eu; without it SAMPLE, local, or unnamed where HOST is no loopback address.',
    ),
  REDIS_URL: redisUrl
    .optional()
    .describe(
      'Redis that a fleet shares for L3, clears, flights and modes; without it L3 and clears are on the disk of one process.',
    ),
  PITWALL_REDIS_PREFIX: z
    .string()
    .regex(/^[\w:.-]{1,64}$/, 'expected 1 to 64 letters, digits, ":", ".", "_" and "-"')
    .default('pitwall:')
    .describe(
      'Start of every key and channel in Redis: the same in every process of a fleet, another for each fleet on one Redis.',
    ),
  DATABASE_URL: databaseUrl
    .optional()
    .describe(
      'Database for jobs: SQLite in a file, or PostgreSQL, which a fleet can share; without it pitwall.db in PITWALL_DATA_DIR.',
    ),
  PITWALL_URL: upstream
    .optional()
    .describe(
      'Where people reach the console, such as https://pitwall.example.com; with https, session cookies are for TLS alone. Without it made of HOST and PORT.',
    ),
  PITWALL_SECRET: text
    .min(32, 'expected at least 32 characters, such as what openssl rand -base64 32 prints')
    .optional()
    .describe(
      'What sessions and the journal are signed with, the same in every console of a fleet; without it made once and kept in PITWALL_DATA_DIR.',
    ),
  PITWALL_CACHE_KEY: text
    .superRefine((keys, context) => {
      for (const message of parseCacheKeys(keys.split(','), 'key').faults)
        context.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe(
      'Key that entries of sensitive routes are encrypted with in L3: 32 bytes in base64 or hex. Several, with commas between: the first encrypts, all decrypt.',
    ),
  PITWALL_CACHE_KEY_FILE: text
    .optional()
    .describe('File with these keys, one on a line; not together with PITWALL_CACHE_KEY.'),
  PITWALL_LOCAL_ADMIN: onOff
    .optional()
    .describe(
      'Whether somebody at the machine itself is admin without a log-in: on or off; without it on, but off where PITWALL_URL leads to another name than loopback, by a proxy that might look like somebody here.',
    ),
  PITWALL_ADMIN_EMAIL: emailSchema
    .optional()
    .describe('Makes the first account at the start, with PITWALL_ADMIN_PASSWORD.'),
  PITWALL_ADMIN_PASSWORD: text
    .min(12, 'expected at least 12 characters')
    .max(128, 'expected at most 128 characters')
    .optional()
    .describe('Password of the first account, 12 to 128 characters; change it after the first log-in.'),
  PITWALL_OIDC_ISSUER: upstream
    .refine((url) => url.startsWith('https:') || isLoopback(URL.parse(url)?.hostname ?? ''), 'expected an https:// URL')
    .optional()
    .describe('OpenID provider for a single sign-on, with the next two; its redirect URI is PITWALL_URL/login.'),
  PITWALL_OIDC_CLIENT_ID: text.optional().describe('What the provider knows Pitwall as.'),
  PITWALL_OIDC_CLIENT_SECRET: text.optional().describe('What Pitwall shows the provider to prove it.'),
  PITWALL_OIDC_NAME: z
    .string()
    .max(40, 'expected at most 40 characters')
    .default('single sign-on')
    .describe('What the log-in page calls the provider, as in “Continue with …”.'),
  PITWALL_OIDC_NEWCOMERS: z
    .enum(['refuse', ...PERSON_ROLES], {
      error: (issue) => `expected refuse, ${PERSON_ROLES.join(', ')}, got ${quote(String(issue.input))}`,
    })
    .default('refuse')
    .describe('What somebody becomes whom the provider vouches for and nobody has added: a role, or refuse.'),
  PITWALL_METRICS_TOKEN: text
    .min(16, 'expected at least 16 characters')
    .optional()
    .describe(
      'Bearer token that may read /metrics, for processes without a console too; tokens of the console may as well.',
    ),
  PITWALL_TOKEN: text
    .optional()
    .describe('API token that the commands tail and explain send; the server doesn’t read it.'),
  PITWALL_JOURNAL_DAYS: whole('a number of days', 1, 3_650)
    .default(365)
    .describe('How long the journal keeps what was done, days; at most 1,000,000 records.'),
  PITWALL_API_LIMIT: whole('a number of requests', 60, 10_000_000)
    .default(6_000)
    .describe('Most requests of one caller to the console within a minute; past it 429 with Retry-After.'),
  LOG_LEVEL: logLevel.default('info').describe('Least level that is logged: debug, info, warn, error or silent.'),
  CACHE_TTL: milliseconds(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe("The default policy's TTL for responses without freshness, ms or a duration such as 30s; 0 = none."),
  PERFORMANCE_MONITORING_INTERVAL: milliseconds(100, LONGEST_TIMER)
    .default(5_000)
    .describe("Time between two looks at the machine's resources, ms or a duration; nothing reads it yet."),
  MEMORY_THRESHOLD: whole('a percentage', 1, 100)
    .default(80)
    .describe('Share of memory in use that counts as high, per cent; nothing reads it yet.'),
  MAX_CONCURRENT_TESTS: whole('a number of tests', 1, 1_000)
    .default(20)
    .describe('Most jobs that run at a time, 1 to 1000; more wait their turn.'),
  DRAIN_DELAY: milliseconds(0, LONGEST_TIMER)
    .default(0)
    .describe('Wait between a failing /readyz and the end of listening on SIGTERM, ms or a duration.'),
  PITWALL_DRAIN_GRACE: milliseconds(0, LONGEST_TIMER)
    .default(10_000)
    .describe('Most time that open requests get to end on SIGTERM, ms or a duration.'),
});

/** The environment, parsed: plain data. Durations in ms. */
export interface Environment {
  /** Of the console. 0 = any free port. */
  readonly port: number;
  readonly host: string;
  /** 0 = any free port. */
  readonly gatewayPort: number;
  readonly gatewayHost: string;
  /** At most one of `upstream` and `configFile` is set; neither means what the console kept, else the bundled sample origin. */
  readonly upstream: string | undefined;
  readonly configFile: string | undefined;
  readonly dataDir: string;
  readonly workers: number;
  /** At least one, in the order of ROLES; one alone only with `redisUrl`. */
  readonly roles: readonly Role[];
  /** Undefined: to be made of host, port and process id. */
  readonly instance: string | undefined;
  /** Undefined: named after where it runs. */
  readonly name: string | undefined;
  /** Valid for lib/kernel/redis-url. */
  readonly redisUrl: string | undefined;
  readonly redisPrefix: string;
  readonly databaseUrl: string | undefined;
  /** Without a slash at its end; undefined: made of host and port. */
  readonly consoleUrl: string | undefined;
  /** Undefined: kept in the data directory (lib/config/secret). */
  readonly secret: string | undefined;
  /** Of L3, valid for lib/config/cache-keys; at most one of them. */
  readonly cacheKey: string | undefined;
  readonly cacheKeyFile: string | undefined;
  readonly localAdmin: boolean;
  /** The first account; both or neither. */
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  /** Undefined = passwords alone. */
  readonly oidc:
    | {
        readonly issuer: string;
        readonly clientId: string;
        readonly clientSecret: string;
        readonly name: string;
        readonly newcomers: PersonRole | null;
      }
    | undefined;
  readonly metricsToken: string | undefined;
  /** Requests of one caller to the console within a minute. */
  readonly apiLimit: number;
  readonly journalDays: number;
  readonly logLevel: LogLevel;
  /** The default policy's TTL for responses without freshness; 0 = none. */
  readonly cacheTtl: number;
  readonly monitoringInterval: number;
  /** Per cent. */
  readonly memoryThreshold: number;
  readonly maxConcurrentTests: number;
  readonly drainDelay: number;
  readonly drainGrace: number;
  /** NODE_ENV=development. */
  readonly development: boolean;
}

/** Names of ours that nobody reads: a misspelt one would silently mean its default. */
function unknown(env: Variables): string[] {
  const known = Object.keys(environmentSchema.shape);
  return Object.keys(env)
    .filter((name) => name.startsWith('PITWALL_') && !known.includes(name))
    .map((name) => {
      const suggestion = nearest(name, known);
      return `${name}: there is no such variable${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`;
    });
}

function adminOf(email: string | undefined, password: string | undefined): Environment['admin'] {
  return email === undefined || password === undefined ? undefined : { email, password };
}

const isPublished = (url: string | undefined): boolean =>
  url !== undefined && !isLoopback(URL.parse(url)?.hostname ?? '');

function oidcOf(values: z.output<typeof environmentSchema>): Environment['oidc'] {
  const {
    PITWALL_OIDC_ISSUER: issuer,
    PITWALL_OIDC_CLIENT_ID: clientId,
    PITWALL_OIDC_CLIENT_SECRET: clientSecret,
  } = values;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  const newcomers = values.PITWALL_OIDC_NEWCOMERS;
  const name = values.PITWALL_OIDC_NAME;
  return { issuer, clientId, clientSecret, name, newcomers: newcomers === 'refuse' ? null : newcomers };
}

type Variables = Readonly<Record<string, string | undefined>>;

function given(env: Variables): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(environmentSchema.shape)) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') values[name] = value;
  }
  return values;
}

/**
 * Reads what Pitwall takes from the environment, once. An empty variable counts as unset.
 * @throws PitwallError `config_invalid`, one message that names every fault
 */
export function readEnvironment(env: Variables = process.env): Environment {
  const input = given(env);
  const parsed = environmentSchema.safeParse(input);
  const faults = (parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  faults.push(...unknown(env));
  if (input.PITWALL_UPSTREAM !== undefined && input.PITWALL_CONFIG !== undefined) {
    faults.push('PITWALL_UPSTREAM and PITWALL_CONFIG: set one of them, not both');
  }
  if (input.PITWALL_CACHE_KEY !== undefined && input.PITWALL_CACHE_KEY_FILE !== undefined) {
    faults.push('PITWALL_CACHE_KEY and PITWALL_CACHE_KEY_FILE: set one of them, not both');
  }
  if ((input.PITWALL_ADMIN_EMAIL === undefined) !== (input.PITWALL_ADMIN_PASSWORD === undefined)) {
    faults.push('PITWALL_ADMIN_EMAIL and PITWALL_ADMIN_PASSWORD: set both or neither');
  }
  const oidc = [input.PITWALL_OIDC_ISSUER, input.PITWALL_OIDC_CLIENT_ID, input.PITWALL_OIDC_CLIENT_SECRET];
  if (new Set(oidc.map((value) => value === undefined)).size > 1) {
    faults.push('PITWALL_OIDC_ISSUER, PITWALL_OIDC_CLIENT_ID and PITWALL_OIDC_CLIENT_SECRET: set all or none');
  }
  if (
    input.PITWALL_OIDC_ISSUER !== undefined &&
    input.PITWALL_URL === undefined &&
    !isLoopback(input.HOST ?? 'localhost')
  ) {
    faults.push('PITWALL_URL: the provider at PITWALL_OIDC_ISSUER sends people back there, so set it too');
  }
  if (parsed.success && parsed.data.PITWALL_ROLES.length === 1 && input.REDIS_URL === undefined) {
    faults.push('PITWALL_ROLES: one role alone needs Redis to reach the other, so set REDIS_URL too');
  }
  if (!parsed.success || faults.length > 0) throw configInvalid('The environment', faults);
  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    gatewayPort: values.GATEWAY_PORT,
    gatewayHost: values.GATEWAY_HOST,
    upstream: values.PITWALL_UPSTREAM,
    configFile: values.PITWALL_CONFIG,
    dataDir: values.PITWALL_DATA_DIR,
    workers: values.PITWALL_WORKERS,
    roles: values.PITWALL_ROLES,
    instance: values.PITWALL_INSTANCE,
    name: values.PITWALL_ENVIRONMENT,
    redisUrl: values.REDIS_URL,
    redisPrefix: values.PITWALL_REDIS_PREFIX,
    databaseUrl: values.DATABASE_URL,
    consoleUrl: values.PITWALL_URL?.replace(/\/+$/, ''),
    secret: values.PITWALL_SECRET,
    cacheKey: values.PITWALL_CACHE_KEY,
    cacheKeyFile: values.PITWALL_CACHE_KEY_FILE,
    localAdmin: (values.PITWALL_LOCAL_ADMIN ?? (isPublished(values.PITWALL_URL) ? 'off' : 'on')) === 'on',
    admin: adminOf(values.PITWALL_ADMIN_EMAIL, values.PITWALL_ADMIN_PASSWORD),
    oidc: oidcOf(values),
    metricsToken: values.PITWALL_METRICS_TOKEN,
    apiLimit: values.PITWALL_API_LIMIT,
    journalDays: values.PITWALL_JOURNAL_DAYS,
    logLevel: values.LOG_LEVEL,
    cacheTtl: values.CACHE_TTL,
    monitoringInterval: values.PERFORMANCE_MONITORING_INTERVAL,
    memoryThreshold: values.MEMORY_THRESHOLD,
    maxConcurrentTests: values.MAX_CONCURRENT_TESTS,
    drainDelay: values.DRAIN_DELAY,
    drainGrace: values.PITWALL_DRAIN_GRACE,
    development: env.NODE_ENV === 'development',
  };
}
