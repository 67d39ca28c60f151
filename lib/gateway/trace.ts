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

/** Longest text of a step where the trace is too long as a whole, characters. */
export const MAX_TEXT = 320;

/**
 * The steps as JSON in printable ASCII, at most MAX_TRACE bytes. What is too much goes in two ways: first the ends of
 * long texts, URLs above all, then steps from the end, and `{"cut":n}` says how many.
 */
export function traceText(trace: readonly ExplainStep[]): string {
  const whole = `[${trace.map(asciiJson).join(',')}]`;
  return whole.length <= MAX_TRACE ? whole : cutText(trace.map(shortened));
}

/** Both texts of a step within MAX_TEXT. */
function shortened(step: ExplainStep): ExplainStep {
  const { says, because } = step;
  return {
    ...step,
    says: start(says),
    ...(because && { because: { ...because, text: start(because.text) } }),
  };
}

/** As much of a text as may be, and how long it is. */
function start(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length} characters)`;
}

/** As many steps as fit, from the first, and how many didn't. */
function cutText(trace: readonly ExplainStep[]): string {
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
