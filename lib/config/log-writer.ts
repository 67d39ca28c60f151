/** Where log lines go; `process.stdout` is one. */
export interface LogStream {
  readonly isTTY?: boolean;
  /** Bytes that wait in memory for whoever reads. */
  readonly writableLength?: number;
  write(text: string): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}

export interface LogWriter {
  /** Never throws and never waits: what doesn't fit is dropped, and told once there's room. */
  write(line: string): void;
  /** Resolves when everything is written, or `ms` later: whoever reads may have stopped. */
  flush(ms: number): Promise<void>;
}

/** Most bytes that wait for a slow reader. */
const MOST_WAITING = 4 * 1_048_576;
const LOOK_MS = 10;

/** @param note the line that says how many lines were lost */
export function createLogWriter(stream: LogStream, note: (dropped: number) => string): LogWriter {
  let dropped = 0;
  // Nobody reads any more: that's no reason to end.
  stream.on?.('error', () => undefined);
  const waiting = (): number => stream.writableLength ?? 0;

  return {
    write(line) {
      if (waiting() > MOST_WAITING) {
        dropped += 1;
        return;
      }
      if (dropped > 0) {
        const lost = dropped;
        dropped = 0;
        stream.write(note(lost));
      }
      stream.write(line);
    },
    async flush(ms) {
      const until = performance.now() + ms;
      while (waiting() > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
  };
}
