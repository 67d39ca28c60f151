import { Worker } from 'node:worker_threads';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { LogLine } from '../../kernel/port-logger.ts';
import type { ReplyMessage } from './calls.ts';
import type { DatabaseLocation } from './location.ts';
import type { DatabaseState } from './state.ts';

export interface DatabaseStart {
  readonly location: DatabaseLocation;
  /** For people. */
  readonly name: string;
  /** What sessions are signed with, at least 32 characters; made anew, it ends them all. */
  readonly secret: string;
  /** Where people reach the console; its scheme decides whether cookies are for TLS alone. */
  readonly url: string;
  /** Whether somebody will log in soon. */
  readonly logIns: boolean;
}

/** What the thread says. */
export type DatabaseMessage =
  | ReplyMessage
  | { readonly started: true }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } }
  | { readonly state: DatabaseState }
  | { readonly log: LogLine }
  | { readonly closed: true };

/** What it's told, beside calls. */
export interface DatabaseOrder {
  readonly close: true;
}

/** Limit of the thread's old heap, MiB: past it the thread ends, not the process. */
const HEAP_MIB = 256;
const YOUNG_MIB = 8;

/** Starts the thread of a database. */
export function startDatabaseThread(start: DatabaseStart): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), {
    name: 'database',
    workerData: start,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, maxYoungGenerationSizeMb: YOUNG_MIB },
  });
}
