import { ApiError } from './api-error';
import { retryAfterMs } from './retry-after';

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Until the last byte, ms. */
  readonly ms: number;
  readonly type: string;
  readonly text: string;
  /** ms for which it's no use to ask again; null where the server said nothing. */
  readonly retryAfterMs: number | null;
}

/** ms until a silent server counts as unreachable. */
const DEADLINE = 15_000;

/**
 * Asks a path of this console: beneath use-api, and for people who look at the API itself. Whatever its status, an
 * answer is an answer. Rejects with ApiError when nothing answers.
 */
export async function askRaw(path: string, init: RequestInit): Promise<RawAnswer> {
  const started = performance.now();
  try {
    const response = await fetch(path, { ...init, signal: AbortSignal.timeout(DEADLINE) });
    const text = await response.text();
    const { status, statusText, headers } = response;
    return {
      status,
      statusText,
      ms: performance.now() - started,
      type: headers.get('content-type') ?? '',
      text,
      retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()),
    };
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    const detail = late ? `No answer within ${DEADLINE / 1000} s.` : 'The connection failed. Is the process running?';
    throw new ApiError({ kind: 'unreachable', detail });
  }
}
