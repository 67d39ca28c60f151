import './no-eval.ts';
import { z } from 'zod';
import { MISS_REASONS, MODES } from './traffic.ts';

/** Most headers of a request that is asked about, and most characters of them together. */
export const MAX_EXPLAIN_HEADERS = 32;
export const MAX_EXPLAIN_HEADER_CHARACTERS = 8_192;

/** What an explanation is made of, in the order in which it's told. */
export const EXPLAIN_STEPS = [
  'request', // method and normalised URL
  'route',
  'key',
  'l1',
  'l2',
  'l3',
  'variant', // which stored response, and why not the others
  'clear',
  'age',
  'lifetime',
  'freshness',
  'grace',
  'storing', // may it be stored, or why it wasn't
  'sharing',
  'breaker', // where it isn't closed and the origin would be asked
  'decision',
  'origin', // what the origin is asked, or answered
] as const;

/** What becomes of a request; unknown: it takes the body to tell. */
export const EXPLAIN_OUTCOMES = [
  'hit',
  'stale',
  'revalidate',
  'fetch',
  'pass',
  'part',
  'observe',
  'only-if-cached',
  'breaker-open',
  'unknown',
] as const;

export const becauseSchema = z.object({
  text: z.string().describe('The directive, setting or fact that decided, as it was written'),
  source: z.string().describe('Where it is laid down: "RFC 9111 §4.2.1", "policy", "mode", "clear 42" …'),
});

export const explainStepSchema = z
  .object({
    step: z.enum(EXPLAIN_STEPS),
    says: z.string().describe('A sentence'),
    because: becauseSchema.optional(),
    numbers: z.record(z.string(), z.number()).optional().describe('ms, and where a name ends in At ms since the epoch'),
  })
  .meta({ id: 'ExplainStep' });
export type ExplainStep = z.infer<typeof explainStepSchema>;

export const explainVariantSchema = z
  .object({
    level: z.enum(['l2', 'l3']),
    selected: z.boolean().describe('Whether it is the one that the decision is about'),
    status: z.number().int(),
    bytes: z.number().int().nonnegative().describe('Of its body'),
    tags: z.array(z.string()),
    vary: z
      .array(z.object({ name: z.string(), stored: z.string(), asked: z.string(), same: z.boolean() }))
      .describe('The selecting headers, as they are compared: stored and in this request; empty where absent'),
    clear: z.enum(['live', 'soft', 'hard']).describe('What the clear log says of it'),
    freshFor: z.number().describe('ms, negative once it is stale by its age'),
  })
  .meta({ id: 'ExplainVariant' });
export type ExplainVariant = z.infer<typeof explainVariantSchema>;

export const explanationSchema = z
  .object({
    instance: z.string(),
    worker: z.number().int().nonnegative(),
    service: z.string(),
    route: z.string(),
    mode: z.enum(MODES),
    sensitive: z
      .boolean()
      .optional()
      .describe('Whether the route is marked so: what is stored is shown only to who may change policies'),
    key: z.string().nullable().describe('Null where the request has none: it is passed on'),
    decision: z.object({
      outcome: z.enum(EXPLAIN_OUTCOMES),
      reason: z.enum(MISS_REASONS).nullable().describe('Why it is not answered fresh from the store'),
      level: z.enum(['l2', 'l3']).nullable().describe('Which level the stored response is in'),
    }),
    variants: z.array(explainVariantSchema),
    steps: z.array(explainStepSchema),
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof explanationSchema>;

/** What a worker is asked. */
export interface ExplainQuestion {
  readonly method: string;
  /** http:// or https:// */
  readonly url: string;
  /** Flat: name, value, name, value… */
  readonly headers: readonly string[];
}

/** A worker's answer: the explanation, or why there is none. */
export type Explained = { readonly explanation: Explanation } | { readonly code: string; readonly message: string };

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

const headerLines = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((given, issues): string[] => {
    const lines = typeof given === 'string' ? [given] : given;
    const refuse = (message: string): never[] => {
      issues.addIssue({ code: 'custom', message });
      return [];
    };
    if (lines.length > MAX_EXPLAIN_HEADERS) return refuse(`expected at most ${MAX_EXPLAIN_HEADERS} headers`);
    const characters = lines.reduce((sum, line) => sum + line.length, 0);
    if (characters > MAX_EXPLAIN_HEADER_CHARACTERS)
      return refuse(`expected at most ${MAX_EXPLAIN_HEADER_CHARACTERS} characters of headers`);
    return lines.flatMap((line, at) => {
      const found = HEADER.exec(line);
      if (found === null) return refuse(`expected "Name: value" as header ${at + 1}`);
      return [found[1] as string, (found[2] as string).trim()];
    });
  });

/** Query of GET /api/cache/explain: `?url=http://shop.test/products/1&method=GET&header=Accept-Language: de`. */
export const explainQuerySchema = z.object({
  url: z
    .string()
    .max(8_192)
    .regex(/^https?:\/\//i, 'expected an http:// or https:// URL')
    .describe('As a client sends it to the gateway: the host decides which service answers')
    .meta({ examples: ['http://shop.test/products/1'] }),
  method: z
    .string()
    .regex(/^[A-Z-]{1,20}$/, 'expected a method in capitals')
    .default('GET')
    .describe('In capitals'),
  header: headerLines.describe(
    `"Name: value" of the request, repeated for each; at most ${MAX_EXPLAIN_HEADERS}, ${MAX_EXPLAIN_HEADER_CHARACTERS} characters in all`,
  ),
});
export type ExplainQuery = z.infer<typeof explainQuerySchema>;

/** Answer of GET /api/cache/explain. */
export const explainAnswerSchema = z.object({
  agree: z.boolean().describe('Whether all workers that answer decide the same'),
  workers: z.array(explanationSchema).min(1),
});
export type ExplainAnswer = z.infer<typeof explainAnswerSchema>;
