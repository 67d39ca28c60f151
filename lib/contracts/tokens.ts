import './no-eval.ts';
import { z } from 'zod';
import { permissionSchema } from './access.ts';

const wall = z.number().describe('ms since the epoch');
const DAY_MS = 86_400_000;
/** Longest life of a token, ms. */
export const MAX_TOKEN_MS = 365 * DAY_MS;

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    start: z.string().describe('How it begins, to know it by'),
    scopes: z.array(permissionSchema).describe('What it may'),
    createdAt: wall,
    createdBy: z.string().describe('The person’s name'),
    expiresAt: wall,
    lastUsedAt: wall.nullable().describe('Null = never'),
  })
  .meta({ id: 'Token', description: 'A secret for scripts, CI and Prometheus' });
export type Token = z.infer<typeof tokenSchema>;

export const tokenListSchema = z.object({ tokens: z.array(tokenSchema).describe('Newest first') });
export type TokenList = z.infer<typeof tokenListSchema>;

/** POST /api/tokens. */
export const newTokenSchema = z.object({
  name: z.string().trim().min(1).max(60).describe('What uses it'),
  scopes: z.array(permissionSchema).min(1).max(20).describe('What it may; at most what its maker may'),
  expiresInMs: z
    .number()
    .int()
    .min(60_000)
    .max(MAX_TOKEN_MS)
    .default(90 * DAY_MS)
    .describe('How long it works, ms'),
});
export type NewToken = z.input<typeof newTokenSchema>;

export const newTokenAnswerSchema = z.object({
  token: tokenSchema,
  secret: z.string().describe('Send it as Authorization: Bearer; shown only now'),
});
export type NewTokenAnswer = z.infer<typeof newTokenAnswerSchema>;

export const tokenParamsSchema = z.object({ id: z.string().min(1).max(64).describe('Of the token') });
