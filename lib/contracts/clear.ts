import './no-eval.ts';
import { z } from 'zod';

/** Longest key, prefix or glob, characters: the gateway's own `maxUrlLength` where none is set. */
export const MAX_SCOPE_LENGTH = 8_192;
/** Most `*` in a glob. */
export const MAX_GLOB_STARS = 16;

const url = z
  .string()
  .min(1)
  .max(MAX_SCOPE_LENGTH)
  .regex(/^https?:\/\/[^/\s]+\/[^\s]*$/i, 'expected a whole URL, such as https://shop.example/a?b=c');
const service = z.string().min(1).max(63).optional().describe('Only entries of this service');

const glob = z
  .string()
  .min(1)
  .max(MAX_SCOPE_LENGTH)
  .regex(/^\S+$/, 'expected no spaces')
  .refine((text) => text.includes('*'), 'expected at least one *; without one, clear a key or a prefix')
  .refine((text) => text.split('*').length - 1 <= MAX_GLOB_STARS, `expected at most ${MAX_GLOB_STARS} *`);

/** What a clear names; exactly one of them. The engine's own type is lib/cache/clear-record. */
export const clearScopeSchema = z.union(
  [
    z.strictObject({ key: url.describe('A URL: every stored variant of it') }),
    z.strictObject({ tag: z.string().min(1).max(256).describe('A label of entries'), service }),
    z.strictObject({
      prefix: url.describe('The start of URLs, from the scheme on'),
      service,
    }),
    z.strictObject({ glob: glob.describe('A pattern for whole URLs; * stands for any run of characters'), service }),
    z.strictObject({ service: z.string().min(1).max(63).describe('Everything of this service') }),
    z.strictObject({ all: z.literal(true).describe('Everything') }),
  ],
  {
    error: 'expected exactly one of key, tag, prefix, glob, service or all: true, each as docs/clear.md has it',
  },
);

export const clearModeSchema = z.enum(['soft', 'hard']);

/** Body of POST /api/cache/clear. */
export const clearSchema = z.strictObject({
  scope: clearScopeSchema.describe('What to clear; exactly one of these'),
  mode: clearModeSchema.default('soft').describe('soft turns entries stale, hard deletes them'),
});
export type ClearInput = z.infer<typeof clearSchema>;
