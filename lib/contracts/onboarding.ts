import './no-eval.ts';
import { z } from 'zod';
import { MISS_REASONS, MODES } from './traffic.ts';

const count = z.number().int().min(0);
const ms = z.number().min(0);
const wall = z.number().describe('ms since the epoch');

/** Body of POST /api/onboarding/probe and /start: the base URL of a service. */
export const upstreamSchema = z.strictObject({
  url: z.string().min(1).max(2_048).describe('http:// or https://, without user name, query and fragment'),
});

/** How far a probe came. */
export const PROBE_STEPS = ['dns', 'tcp', 'tls', 'http'] as const;
export type ProbeStep = (typeof PROBE_STEPS)[number];

export const probeSchema = z.discriminatedUnion('reached', [
  z.object({
    reached: z.literal(true),
    url: z.string(),
    address: z.string().describe('Where the connection went'),
    dnsMs: ms.nullable().describe('null where the URL names an address'),
    tcpMs: ms,
    tlsMs: ms.nullable().describe('null for http://'),
    firstByteMs: ms.describe('From the request to the head of its answer'),
    tls: z.string().nullable().describe('Protocol, such as TLSv1.3'),
    httpVersion: z.string(),
    status: z.number().int(),
    cacheControl: z.string().nullable(),
    validator: z.enum(['etag', 'last-modified']).nullable(),
    notes: z.array(z.string()).describe('What is worth knowing, whole sentences'),
  }),
  z.object({
    reached: z.literal(false),
    url: z.string(),
    step: z.enum(PROBE_STEPS).describe('Where it failed'),
    why: z.string().describe('A whole sentence'),
    next: z.string().describe('What to do about it, a whole sentence'),
  }),
]);
export type Probe = z.infer<typeof probeSchema>;

/** Requests of one method whose paths have one shape. */
export const shapeRowSchema = z.object({
  method: z.string().describe('HEAD counts as GET'),
  shape: z.string().describe('A path pattern: /api/chats/:id/history'),
  requests: count,
  saved: count.describe('Mode cache would have answered them without an origin call'),
  reasons: z.partialRecord(z.enum(MISS_REASONS), count).describe('Why the others went to the origin'),
  failed: count.describe('5xx'),
  repeats: count.describe('GETs of a URL that was asked before and answered 200 both times'),
  changed: count.describe('Of these: with another size than the time before'),
  withinTtl: count.describe('Without freshness of their own, asked again within the proposed ttl'),
  meanMs: ms.describe('Until the answer was complete'),
});
export type ShapeRow = z.infer<typeof shapeRowSchema>;

/** A service of one's own in front of which the gateway stands until it is given back to the sample. */
export const trialSchema = z.object({
  url: z.string(),
  service: z.string(),
  mode: z.enum(MODES),
  startedAt: wall,
  requests: count,
  observed: count.describe('Requests in mode observe: what `wouldHave` is a share of'),
  wouldHave: count.describe('Mode cache would have answered them without an origin call'),
  originCalls: count,
  failed: count.describe('5xx sent to clients'),
  shapes: z.array(shapeRowSchema).describe('Most asked first'),
  other: count.describe('Requests of shapes beyond those that are kept apart'),
  unseen: count.describe('Requests that came too fast to be looked at one by one'),
  policy: z.string().describe('A proposed pitwall.yaml'),
});
export type Trial = z.infer<typeof trialSchema>;

/** Answer of GET /api/onboarding, and of what starts and ends a trial. */
export const onboardingSchema = z.object({
  offered: z.boolean().describe('Whether a service can be tried from here'),
  why: z.string().nullable().describe('Why not, a whole sentence; null where it can'),
  gatewayUrl: z.string(),
  trial: trialSchema.nullable(),
});
export type Onboarding = z.infer<typeof onboardingSchema>;
