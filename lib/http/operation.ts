import type { z } from 'zod';
import type { ErrorCode } from '../kernel/errors.ts';

/** The groups of the API's reference, in its order, and what each is about. */
export const API_TAGS = {
  Performance: 'What the gateway answers and what it spares the origin: live figures, health, what costs most.',
  Cache: 'What is stored and asked for, and clearing it.',
  Services: 'The upstream applications: their modes, targets and breakers.',
  Jobs: 'Clears, undos and other work under way: progress, outcome per instance, pause and cancel.',
  Configuration: 'What runs now, what ran before, and letting another one run.',
  Access: 'Who one is: logging in and out, sessions, one-time links.',
  People: 'Who has an account, and what they may.',
  Tokens: 'Secrets for scripts, CI and Prometheus.',
  Journal: 'Who did what, when, from where.',
  Sample: 'The sample traffic of a start without an upstream.',
  Machines: 'What load balancers, orchestrators and Prometheus ask. Answered by every process, with a console or not.',
  Reference: 'This description.',
} as const;
export type ApiTag = keyof typeof API_TAGS;

/** What the API's reference says of one verb of a resource, beside what its contracts say. */
export interface About {
  /** The operation's name for generated clients: unique, camelCase, never changed. */
  readonly id: string;
  readonly tag: ApiTag;
  /** One line, no full stop. */
  readonly summary: string;
  readonly description?: string;
  /** Codes of its own; those that any request or any body can get are added. */
  readonly errors?: readonly ErrorCode[];
  /** A body that works. */
  readonly example?: unknown;
}

/** One verb of one resource, as it is described. */
export interface Operation {
  readonly about?: About;
  readonly query?: z.ZodType;
  readonly params?: z.ZodType;
  readonly body?: z.ZodType;
  /** Most bytes of the body; default 64 KiB. */
  readonly bodyLimit?: number;
  readonly response: z.ZodType;
  /** Content type of an answer that is a text; default JSON. */
  readonly type?: string;
}
