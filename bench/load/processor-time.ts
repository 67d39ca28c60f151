import { readFileSync, readdirSync } from 'node:fs';

/** Unit of times in /proc: 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
}

function readProcess(pid: string): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the fields after it are: state, parent, … , utime (12th), stime.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(pid), parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    return undefined;
  }
}

/**
 * Processor time that a process and its descendants have used, in ms. Unlike a rate it doesn't depend
 * on what else the machine does. Undefined where there is no /proc.
 */
export function processorTime(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readProcess)
    .filter((one) => one !== undefined);
  const family = [pid];
  for (const member of family) family.push(...all.filter((one) => one.parent === member).map((one) => one.pid));
  return all.filter((one) => family.includes(one.pid)).reduce((sum, one) => sum + one.ms, 0);
}
