const PARTS = 10;

/** Calls and failures of the last `windowMs`, in ten parts that turn over one by one; no allocation per call. */
export interface FailureWindow {
  record(failed: boolean): void;
  /** As of the last record. */
  readonly calls: number;
  readonly failures: number;
  reset(): void;
}

/**
 * @param windowMs length, at least 10 ms; what is counted is between nine and ten tenths of it
 * @param mono monotonic ms
 */
export function createFailureWindow(windowMs: number, mono: () => number): FailureWindow {
  const partMs = Math.max(windowMs / PARTS, 1);
  const calls = new Float64Array(PARTS);
  const failures = new Float64Array(PARTS);
  let totalCalls = 0;
  let totalFailures = 0;
  let part = Math.floor(mono() / partMs);

  function turn(): number {
    const now = Math.floor(mono() / partMs);
    const stale = Math.min(now - part, PARTS);
    for (let i = 1; i <= stale; i++) {
      const slot = (now - stale + i) % PARTS;
      totalCalls -= calls[slot] as number;
      totalFailures -= failures[slot] as number;
      calls[slot] = 0;
      failures[slot] = 0;
    }
    if (stale > 0) part = now;
    return part % PARTS;
  }

  return {
    record(failed) {
      const slot = turn();
      calls[slot] = (calls[slot] as number) + 1;
      totalCalls++;
      if (!failed) return;
      failures[slot] = (failures[slot] as number) + 1;
      totalFailures++;
    },
    get calls() {
      return totalCalls;
    },
    get failures() {
      return totalFailures;
    },
    reset() {
      calls.fill(0);
      failures.fill(0);
      totalCalls = 0;
      totalFailures = 0;
    },
  };
}
