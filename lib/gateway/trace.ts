import { hash, timingSafeEqual } from 'node:crypto';
import type { ExplainStep } from '../contracts/explain.ts';

/** Carries the token in a request and the trace in its answer. */
const FIELD = 'Pitwall-Explain';
/** Longest trace, bytes, so that no client or proxy trips over the head. */
export const MAX_TRACE = 4_096;

/** Whether a given token is the configured one, in a time that doesn't depend on how much of it is right. */
export function createTokenCheck(token: string | undefined): (given: string | undefined) => boolean {
  if (token === undefined) return () => false;
  const digest = (text: string): Buffer => hash('sha256', Buffer.from(text, 'latin1'), 'buffer');
  const right = hash('sha256', Buffer.from(token), 'buffer');
  return (given) => given !== undefined && timingSafeEqual(digest(given), right);
}

/** The fields that carry a trace. Vary keeps caches between here and the client from giving it to anybody else. */
export function traceFields(trace: readonly ExplainStep[]): string[] {
  return [FIELD, traceText(trace), 'Vary', FIELD];
}

/**
 * The steps as JSON in printable ASCII, at most MAX_TRACE bytes: what is too much is left out from the end, and
 * `{"cut":n}` says how many steps that were.
 */
export function traceText(trace: readonly ExplainStep[]): string {
  const steps = trace.map(asciiJson);
  let length = 2 + steps.reduce((sum, step) => sum + step.length + 1, 0);
  if (length <= MAX_TRACE) return `[${steps.join(',')}]`;
  let cut = 0;
  while (length > MAX_TRACE - `{"cut":${trace.length}},`.length && steps.length > 0) {
    length -= (steps.pop() as string).length + 1;
    cut++;
  }
  return `[${[...steps, `{"cut":${cut}}`].join(',')}]`;
}

function asciiJson(step: ExplainStep): string {
  return JSON.stringify(step).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
