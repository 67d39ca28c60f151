import { readFileSync } from 'node:fs';

/** Unit of times in /proc: 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** Processor time that the main thread of a process has used, in ms: in ours that is the console. Linux only. */
export function mainThreadTime(pid: number): number {
  const text = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything; of what follows, utime is the 12th and stime the 13th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Anonymous memory of a process, bytes: what it holds itself, without files that it maps. Linux only. */
export function anonymousBytes(pid: number): number {
  return 1_024 * Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
