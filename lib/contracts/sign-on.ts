import './no-eval.ts';
import { z } from 'zod';

/** GET /api/sign-on. */
export const signOnSchema = z.object({
  singleSignOn: z
    .object({ name: z.string().describe('What people call it') })
    .nullable()
    .describe('Null where only passwords log in'),
});
export type SignOn = z.infer<typeof signOnSchema>;

/** POST /api/sign-on. */
export const begunSignOnSchema = z.object({
  location: z.url().describe('The provider’s page to go to; it leads back to /login with a query'),
  journey: z.string().describe('To be kept by the browser until then'),
});

/** POST /api/sign-on/finish. */
export const finishSignOnSchema = z.object({
  query: z.string().min(1).max(8_192).describe('The query that the provider came back to /login with'),
  journey: z.string().min(1).max(2_048).describe('What the log-in began with'),
});
export type FinishSignOn = z.infer<typeof finishSignOnSchema>;
