import './no-eval.ts';
import { z } from 'zod';
import { MISS_REASONS, RESULTS } from './traffic.ts';

/** Most values of one list of a filter, and longest text, characters. */
export const FILTER_VALUES = 20;
export const FILTER_TEXT = 200;

const names = z.array(z.string().min(1).max(256)).max(FILTER_VALUES).default([]);

/** A whole status or a class of them: "404", "5xx". */
export const statusFilterSchema = z.string().regex(/^[1-5](\d\d|xx)$/, 'expected 404 or 5xx');

/**
 * Which live requests a client wants; a request passes when it fits every part, and a list that is empty lets all
 * pass. Message `tail` of the live namespace.
 */
export const tailFilterSchema = z.strictObject({
  services: names,
  routes: names,
  methods: names,
  clients: names,
  results: z.array(z.enum(RESULTS)).max(FILTER_VALUES).default([]),
  reasons: z.array(z.enum(MISS_REASONS)).max(MISS_REASONS.length).default([]),
  statuses: z.array(statusFilterSchema).max(FILTER_VALUES).default([]),
  text: z.string().max(FILTER_TEXT).default('').describe('Contained in the path; upper and lower case are the same'),
  slowerThanMs: z.number().min(0).max(86_400_000).default(0).describe('Only what took longer; 0 = everything'),
});
export type TailFilter = z.infer<typeof tailFilterSchema>;

/** Lets everything pass. */
export const ANY_REQUEST: TailFilter = tailFilterSchema.parse({});

/** One request, as it is shown. */
export const requestLineSchema = z.looseObject({
  at: z.number().describe('When it ended, ms since the epoch'),
  id: z.string(),
  client: z.string(),
  service: z.string(),
  route: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string(),
  status: z.number(),
  result: z.string(),
  reason: z.string().nullish(),
  bytes: z.number(),
  ms: z.number(),
  aborted: z.boolean(),
});
export type RequestLine = z.infer<typeof requestLineSchema>;

/** Event `requests` of the live namespace; what a newer console adds passes. */
export const tailBatchSchema = z.object({
  records: z.array(requestLineSchema),
  dropped: z.number().default(0).describe('Requests that were left out of this batch, the filter’s or not'),
});
export type TailBatch = z.infer<typeof tailBatchSchema>;
