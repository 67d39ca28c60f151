import './no-eval.ts';
import { z } from 'zod';

const count = z.number().int().min(0);
const wall = z.number().describe('ms since the epoch');

export const MAX_BURST = 5_000;
export const MAX_OUTAGE_SECONDS = 60;

/** Body of POST /api/sample/burst. */
export const burstSchema = z.strictObject({
  requests: z.number().int().min(1).max(MAX_BURST).describe('Identical requests, sent at once'),
});

/** Its answer: what became of them, counted from the answers and by the origin itself. */
export const burstAnswerSchema = z.object({
  path: z.string().describe('What was asked for: nobody had before'),
  requests: count,
  answered: count.describe('Got a 2xx'),
  failed: count.describe('Got anything else, or nothing'),
  coalesced: count.describe('Of those answered: waited for a call that another had made'),
  stored: count.describe('Of those answered: came from the store'),
  originCalls: count.describe('Counted by the origin'),
  connections: count,
  ms: z.number().min(0),
});
export type BurstAnswer = z.infer<typeof burstAnswerSchema>;

/** Body of POST /api/sample/outage. */
export const startOutageSchema = z.strictObject({
  seconds: z.number().int().min(1).max(MAX_OUTAGE_SECONDS).describe('How long, s'),
});

/** The sample origin's last outage, and what clients got from its start on. */
export const outageSchema = z.object({
  phase: z
    .enum(['failing', 'recovering', 'over'])
    .describe('failing: the origin answers 503. recovering: it answers again, breakers have yet to close. over: done'),
  seconds: count.describe('How long it was to last'),
  startedAt: wall,
  /** When the origin answers again. */
  endsAt: wall,
  stoppedEarly: z.boolean(),
  requests: count,
  hits: count.describe('Answered fresh from the store'),
  stale: count.describe('Answered from the store within the grace for stale answers'),
  failed: count.describe('5xx sent to clients'),
  originCalls: count,
  breaker: z.object({
    openMs: z.number().min(0).describe('How long calls were cut off'),
    open: z.boolean(),
    opened: count.describe('Times that it opened'),
  }),
});
export type Outage = z.infer<typeof outageSchema>;

/** Answer of GET /api/sample, and of what changes it. */
export const sampleStateSchema = z.object({
  traffic: z
    .enum(['off', 'running', 'stopped', 'idle'])
    .describe('off = a real upstream; idle = nobody watched for 10 minutes'),
  outage: outageSchema.nullable(),
});
export type SampleState = z.infer<typeof sampleStateSchema>;
