import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';

export interface Settings {
  /** Length of one measurement. */
  readonly seconds: number;
  /** Measurements of each candidate; the median counts. */
  readonly rounds: number;
}

/** Reads `--seconds N --rounds N`. */
export function settings(defaults: Settings): Settings {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, rounds: { type: 'string' } } });
  return { seconds: Number(values.seconds ?? defaults.seconds), rounds: Number(values.rounds ?? defaults.rounds) };
}

/** The machine that the figures belong to, in one line. */
export function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, ${process.platform}, Node ${process.versions.node}`;
}
