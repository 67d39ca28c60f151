import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CORES, pinned } from './programs.ts';

const run = promisify(execFile);

export const KEYS = 10_000;
export const CONNECTIONS = 64;
export type Shape = 'round-robin' | 'zipf';

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  /** ms */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Loads `url` from one thread with 64 keep-alive connections over 10,000 keys.
 * @throws when any answer wasn't a 2xx or a connection failed: such a figure means nothing
 */
export async function wrk(url: string, shape: Shape, seconds: number, keys = KEYS): Promise<Load> {
  const script = join(import.meta.dirname, 'keys.lua');
  const args = ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, url, '--', String(keys), shape];
  const [program, ...rest] = pinned(CORES.load, args);
  const { stdout } = await run(program, rest);
  const line = /^RESULT (.*)$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk gave no result:\n${stdout}`);
  const result = JSON.parse(line) as Record<string, number>;
  const failures = ['connect', 'read', 'write', 'status', 'timeout'].filter((name) => result[name] !== 0);
  if (failures.length > 0) throw new Error(`${url}: ${failures.map((name) => `${name} ${result[name]}`).join(', ')}`);
  return {
    requests: result.requests ?? 0,
    perSecond: ((result.requests ?? 0) / (result.microseconds ?? 1)) * 1e6,
    p50: (result.p50 ?? 0) / 1_000,
    p99: (result.p99 ?? 0) / 1_000,
  };
}
