import './no-eval.ts';
import { z } from 'zod';
import { gatewaySchema, type GatewaySettings } from './gateway-settings.ts';
import { duration, size } from './quantity.ts';
import { MODES } from './traffic.ts';

/** What a policy's own TTL must not override unless the policy names it. A route that names any is shown as "Unsafe". */
export const IGNORABLE = ['authorization', 'cookie', 'set-cookie', 'no-store', 'private'] as const;
export type Ignorable = (typeof IGNORABLE)[number];

const token = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected a header name')
  .transform((name) => name.toLowerCase());
const parameter = z
  .string()
  .regex(/^(?!$)[^*]{0,128}\*?$/, 'expected a parameter\'s name, with at most one "*" at its end');
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'expected a name of letters, digits, ".", "_" and "-"');

export const policySchema = z.strictObject({
  ttl: duration.optional().describe('Freshness for responses that carry none. 0 = none.'),
  staleWhileRevalidate: duration
    .optional()
    .describe('Grace for stale answers while a refresh runs, where the response says nothing.'),
  staleIfError: duration
    .optional()
    .describe('Grace for stale answers when the origin fails, where the response says nothing.'),
  heuristic: z
    .boolean()
    .optional()
    .describe('Guess freshness from Last-Modified where nothing else tells it: a tenth of its age, at most a day.'),
  ignore: z
    .array(z.enum(IGNORABLE))
    .optional()
    .describe('What to ignore when storing. Unsafe: private answers may be shared.'),
  keyHeaders: z.array(token).max(8).optional().describe('Request headers that are part of the key.'),
  keyBody: z.boolean().optional().describe('Cache POST by a hash of its body (GraphQL, prompts).'),
  maxKeyBody: size.optional().describe('Largest body that is hashed; larger ones pass through.'),
  query: z
    .strictObject({
      sort: z.boolean().optional().describe('Parameters in the order of their names.'),
      drop: z.array(parameter).max(64).optional().describe('Parameters that are left out; "utm_*" is a prefix.'),
      keep: z.array(parameter).max(64).optional().describe('The only parameters that are kept; "*" is all.'),
    })
    .optional(),
  tags: z
    .array(z.string().min(1).max(256))
    .max(16)
    .optional()
    .describe('Tags for stored entries; "{id}" takes a path parameter.'),
  keepTags: z
    .boolean()
    .optional()
    .describe('Let clients see Cache-Tag and Surrogate-Key: another cache in front of this one wants them.'),
  maxEntry: size.optional().describe('Largest response body that is stored or shared.'),
  maxPartial: size
    .optional()
    .describe('Most bytes of parts (206) that are stored of one response. 0 = parts are passed on, never stored.'),
  getFromPost: z
    .boolean()
    .optional()
    .describe(
      'Answer GET from what a POST brought, if it says that it is that URL’s (Content-Location), and for how long.',
    ),
  honourRequestDirectives: z
    .boolean()
    .optional()
    .describe("Obey the client's Cache-Control. Off: nobody bypasses the cache at will."),
  cacheStatusKey: z
    .boolean()
    .optional()
    .describe('Tell the request key in Cache-Status. It shows clients the whole URL, and what keyHeaders adds.'),
  sensitive: z
    .boolean()
    .optional()
    .describe(
      'What is stored is encrypted in L3, with PITWALL_CACHE_KEY; without a key it is kept in memory alone. Logs and the console show neither paths nor query values.',
    ),
  coalesce: z.boolean().optional().describe('One origin call for identical requests in flight.'),
  coalesceCookies: z.boolean().optional().describe('Coalesce requests that carry a Cookie.'),
  timeouts: z
    .strictObject({
      connect: duration.optional().describe('Until a connection to the target is made.'),
      headers: duration.optional().describe('Until the response head.'),
      idle: duration.optional().describe('Between two pieces of a response body; event streams excepted.'),
    })
    .optional(),
});
export type PolicyInput = z.input<typeof policySchema>;

/** A policy with every default filled in. Durations in ms, sizes in bytes. */
export interface Policy {
  readonly ttl: number;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  readonly heuristic: boolean;
  readonly ignore: readonly Ignorable[];
  readonly keyHeaders: readonly string[];
  readonly keyBody: boolean;
  readonly maxKeyBody: number;
  /** What of the query counts. */
  readonly query: { readonly sort: boolean; readonly drop: readonly string[]; readonly keep: readonly string[] };
  readonly tags: readonly string[];
  /** Whether Cache-Tag and Surrogate-Key go on to clients. */
  readonly keepTags: boolean;
  readonly maxEntry: number;
  readonly maxPartial: number;
  readonly getFromPost: boolean;
  readonly honourRequestDirectives: boolean;
  /** Whether Cache-Status has the request key. */
  readonly cacheStatusKey: boolean;
  /** Encrypted in L3, and masked wherever requests and keys are shown. */
  readonly sensitive: boolean;
  readonly coalesce: boolean;
  readonly coalesceCookies: boolean;
  readonly timeouts: { readonly connect: number; readonly headers: number; readonly idle: number };
}

export const DEFAULT_POLICY: Policy = {
  ttl: 0,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  heuristic: false,
  ignore: [],
  keyHeaders: [],
  keyBody: false,
  maxKeyBody: 65_536,
  query: { sort: false, drop: [], keep: ['*'] },
  tags: [],
  keepTags: false,
  maxEntry: 16_777_216,
  maxPartial: 4_194_304,
  getFromPost: false,
  honourRequestDirectives: false,
  cacheStatusKey: false,
  sensitive: false,
  coalesce: true,
  coalesceCookies: false,
  timeouts: { connect: 5_000, headers: 30_000, idle: 60_000 },
};

export const breakerSchema = z.strictObject({
  failures: z.int().min(1).optional().describe('Failures in a row that open the breaker.'),
  ratio: z.number().gt(0).max(1).optional().describe('Share of failures in the window that opens it.'),
  minimumCalls: z.int().min(1).optional().describe('Calls in the window before the share counts.'),
  window: duration.optional().describe('Time over which calls and failures are counted.'),
  openFor: duration.optional().describe('First pause before a probe; doubles up to maxOpenFor.'),
  maxOpenFor: duration.optional().describe('Longest pause before a probe.'),
  probes: z.int().min(1).max(100).optional().describe('Successful probes that close it again.'),
});

/** Breaker settings with defaults filled in; durations in ms. */
export interface BreakerSettings {
  readonly failures: number;
  readonly ratio: number;
  readonly minimumCalls: number;
  readonly window: number;
  readonly openFor: number;
  readonly maxOpenFor: number;
  readonly probes: number;
}
export const DEFAULT_BREAKER: BreakerSettings = {
  failures: 5,
  ratio: 0.5,
  minimumCalls: 20,
  window: 10_000,
  openFor: 2_000,
  maxOpenFor: 30_000,
  probes: 2,
};

export const targetSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
    .describe('Base URL; its path is put before the path of every request.'),
  host: z
    .enum(['rewrite', 'preserve'])
    .optional()
    .describe("Host sent to the target: the target's own (rewrite) or the client's (preserve)."),
  serverName: z.string().optional().describe('TLS server name (SNI), when not the URL’s host.'),
  ca: z.string().optional().describe('File with the certificate authorities to trust (PEM).'),
  connections: z.int().min(1).max(10_000).optional().describe('Most sockets to this target.'),
});

/** A target with defaults filled in. */
export interface Target {
  readonly url: string;
  readonly host: 'rewrite' | 'preserve';
  readonly serverName: string | undefined;
  /** PEM text, already read. */
  readonly ca: string | undefined;
  readonly connections: number;
}

export const routeSchema = z.strictObject({
  name: name.optional().describe('Defaults to the path pattern.'),
  path: z.string().startsWith('/').describe('Path pattern: "/chats/:id", "/static/*"; "*" matches any rest.'),
  methods: z
    .array(z.string().regex(/^[A-Z-]+$/, 'expected a method in capitals'))
    .min(1)
    .optional()
    .describe('Methods in capitals; omitted = any.'),
  policy: policySchema.optional(),
});

/** A route with its policy resolved: defaults < service policy < route policy. */
export interface Route {
  readonly name: string;
  readonly path: string;
  /** Upper case; undefined = any. */
  readonly methods: readonly string[] | undefined;
  readonly policy: Policy;
}

export const serviceSchema = z.strictObject({
  name: name.describe('How the service is called everywhere.'),
  hosts: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Host names that it answers to, without port; omitted = any.'),
  targets: z.array(targetSchema).length(1, 'exactly one target per service for now'),
  mode: z
    .enum(MODES)
    .optional()
    .describe('cache; observe (forward all, count what would have been saved); bypass (forward all).'),
  breaker: breakerSchema.optional(),
  policy: policySchema.optional(),
  routes: z.array(routeSchema).max(200).optional(),
});

export interface Service {
  readonly name: string;
  readonly hosts: readonly string[] | undefined;
  readonly targets: readonly Target[];
  readonly mode: 'cache' | 'observe' | 'bypass';
  readonly breaker: BreakerSettings;
  /** In order of matching; the last one is the catch-all named "*". */
  readonly routes: readonly Route[];
  /** The bundled sample origin: labelled wherever it shows. */
  readonly sample: boolean;
}

export const configSchema = z.strictObject({
  gateway: gatewaySchema.optional(),
  services: z.array(serviceSchema).min(1),
});
export type ConfigInput = z.input<typeof configSchema>;

/** What the gateway runs on: parsed, defaulted, plain data (it crosses to a worker thread). */
export interface Config {
  readonly gateway: GatewaySettings;
  readonly services: readonly Service[];
}
