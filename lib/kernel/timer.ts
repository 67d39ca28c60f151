/** Runs `run` once after `ms` unless the returned function is called before. */
export type After = (ms: number, run: () => void) => () => void;

/** A timer that keeps no process alive. */
export const after: After = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
