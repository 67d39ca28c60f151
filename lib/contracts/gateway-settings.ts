import './no-eval.ts';
import { z } from 'zod';
import { duration, size } from './quantity.ts';

export const gatewaySchema = z.strictObject({
  trustedProxies: z
    .array(z.string())
    .optional()
    .describe('Addresses or CIDR blocks whose Forwarded and X-Forwarded-* are believed.'),
  memory: size.optional().describe('Budget of the memory levels, per worker: two fifths L1, the rest L2.'),
  flightMemory: size.optional().describe('Most bytes buffered in flights; past it requests are passed on unshared.'),
  disk: size
    .refine((bytes) => bytes === 0 || bytes >= 16 * 1_048_576, 'expected 0, or at least 16MiB')
    .optional()
    .describe(
      "Budget of the third level on disk, in PITWALL_DATA_DIR, shared by all workers; at least 16 MiB, or 0 = no third level. With REDIS_URL it isn't used: Redis' maxmemory is the budget.",
    ),
  clears: z
    .strictObject({
      names: z
        .int()
        .min(16)
        .max(1_000_000)
        .optional()
        .describe(
          'Most clears of keys and tags kept one by one; past it the oldest become one clear of their whole service.',
        ),
      patterns: z.int().min(16).max(100_000).optional().describe('The same for clears of prefixes and globs.'),
    })
    .optional()
    .describe('Bounds of the clear log; past them the oldest fold into a clear of their service.'),
  maxConnections: z.int().min(1).optional().describe('Most client connections at a time, per worker.'),
  maxHeaderSize: size.optional().describe('Largest request head.'),
  maxUrlLength: z.int().min(64).max(65_536).optional().describe('Longest request URL, characters.'),
  maxRequestBody: size.optional().describe('Largest request body.'),
  timeouts: z
    .strictObject({
      headers: duration.optional().describe('Until a request head is complete.'),
      request: duration.optional().describe('Until a request is complete, body included.'),
      keepAlive: duration.optional().describe('How long an idle client connection is kept.'),
      send: duration.optional().describe('How long a client may take nothing of an answer that waits for it.'),
    })
    .optional(),
  explainToken: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'expected 16 to 256 visible ASCII characters')
    .optional()
    .describe(
      'Secret of at least 16 characters: a request with it in Pitwall-Explain is answered with how it was decided. Off without it.',
    ),
  redact: z
    .array(
      z
        .string()
        .max(80)
        .regex(/[A-Za-z0-9]/, 'expected a name with letters or digits'),
    )
    .max(100)
    .optional()
    .describe(
      'Names of headers, parameters and JSON fields that hold secrets, beside the usual ones: their values are hidden in logs, the journal and the console. Takes effect at once.',
    ),
  accessLog: z
    .strictObject({
      file: z.string().min(1).describe('File to append JSON lines to; reopened on SIGHUP.'),
      sample: z.number().gt(0).max(1).optional().describe('Share of requests written.'),
    })
    .optional(),
});

/** Gateway settings with defaults filled in. Durations in ms, sizes in bytes. */
export interface GatewaySettings {
  readonly trustedProxies: readonly string[];
  readonly memory: number;
  readonly flightMemory: number;
  /** 0 = no third level on disk. */
  readonly disk: number;
  readonly clears: { readonly names: number; readonly patterns: number };
  readonly maxConnections: number;
  readonly maxHeaderSize: number;
  readonly maxUrlLength: number;
  readonly maxRequestBody: number;
  readonly timeouts: {
    readonly headers: number;
    readonly request: number;
    readonly keepAlive: number;
    readonly send: number;
  };
  /** A secret: never shown, never logged. */
  readonly explainToken: string | undefined;
  /** Names whose values are secrets, beside the usual ones. Takes effect at once. */
  readonly redact: readonly string[];
  readonly accessLog: { readonly file: string; readonly sample: number } | undefined;
}
export const DEFAULT_GATEWAY: GatewaySettings = {
  trustedProxies: [],
  memory: 64 * 1_048_576,
  flightMemory: 64 * 1_048_576,
  disk: 1_073_741_824,
  clears: { names: 50_000, patterns: 10_000 },
  maxConnections: 10_000,
  maxHeaderSize: 16_384,
  maxUrlLength: 8_192,
  maxRequestBody: 1_073_741_824,
  timeouts: { headers: 10_000, request: 300_000, keepAlive: 65_000, send: 60_000 },
  explainToken: undefined,
  redact: [],
  accessLog: undefined,
};
