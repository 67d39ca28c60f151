/** An answer as it came, for people who look at the API itself; everything else asks through use-api. */
export interface RawAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Until the last byte, ms. */
  readonly ms: number;
  readonly type: string;
  readonly text: string;
}

/** ms until a silent server counts as unreachable. */
const DEADLINE = 15_000;

/** GET of a path of this console. Rejects with a sentence when nothing answers. */
export async function askRaw(path: string): Promise<RawAnswer> {
  const started = performance.now();
  try {
    // Not the browser's copy of an earlier answer: its status and its time are what is looked at.
    const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(DEADLINE) });
    const text = await response.text();
    const { status, statusText, headers } = response;
    return { status, statusText, ms: performance.now() - started, type: headers.get('content-type') ?? '', text };
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new Error(
      late ? `No answer within ${DEADLINE / 1000} s.` : 'The connection failed. Is the process running?',
      {
        cause: error,
      },
    );
  }
}
