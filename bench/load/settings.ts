import { availableParallelism, cpus, loadavg } from 'node:os';
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

/** A machine that does other work at the same time measures that too. */
const CALM = 0.5;

/** The machine that the figures belong to, in one line; says so when it isn't calm. */
export function machine(): string {
  const load = loadavg()[0] ?? 0;
  const busy = load > CALM ? ` BUSY (load ${load.toFixed(1)} before the start): the figures aren't worth keeping.` : '';
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  return `${cpu}, ${availableParallelism()} cores, ${process.platform}, Node ${process.versions.node}.${busy}`;
}
