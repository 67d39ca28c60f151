import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Whether a program of the system can be started. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
}

/** Ends the bench with one sentence when a program that it can't do without is missing. */
export function needProgram(name: string): void {
  if (hasProgram(name)) return;
  console.error(`This bench needs ${name} (Debian: apt-get install ${name}).`);
  process.exit(1);
}

/** Where the candidate and the load generator run, so that neither takes the other's time. */
export const CORES = { candidate: 0, load: 1 } as const;

const canPin = hasProgram('taskset') && availableParallelism() > 1;

/** `command` on one core, where this machine can do that. */
export function pinned(core: number, command: readonly string[]): readonly [string, ...string[]] {
  return (canPin ? ['taskset', '-c', String(core), ...command] : command) as unknown as readonly [string, ...string[]];
}
