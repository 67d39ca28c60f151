// One candidate in a process of its own: argv is its name, a directory and what to do; prints its figures as JSON.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { quantile } from '../load/statistics.ts';
import type { OpenCandidate } from './candidate.ts';
import { openLmdb } from './lmdb.ts';
import { openSegments } from './segments.ts';
import { openSqlite } from './sqlite.ts';

const MIB = 1_048_576;
const CANDIDATES: Readonly<Record<string, OpenCandidate>> = {
  segments: openSegments,
  sqlite: openSqlite,
  lmdb: openLmdb,
};
const [, , name = '', directory = '', task = ''] = process.argv;
const open = CANDIDATES[name] as OpenCandidate;

function fileBytes(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .reduce((sum, each) => sum + statSync(join(each.parentPath, each.name)).blocks * 512, 0);
}

/** Resident memory, MiB. */
function memory(): { anonymous: number; mapped: number } {
  const text = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const field = (label: string): number => Number(new RegExp(`^${label}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1_024;
  return { anonymous: field('Anonymous'), mapped: field('Rss') - field('Anonymous') };
}

/** Runs `act` for 0…count−1, so many at once; their times in ms. */
async function many(count: number, atOnce: number, act: (i: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const i = next++;
      const start = performance.now();
      await act(i);
      times.push(performance.now() - start);
      // Other work has its turn, as in a gateway.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return times;
}

function dropCaches(): boolean {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

/** Rate, latency and how late the loop was over `act`. */
async function phase(count: number, atOnce: number, act: (i: number) => Promise<unknown>) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const times = await many(count, atOnce, act);
  const ms = performance.now() - start;
  delay.disable();
  return {
    perSecond: (count * 1_000) / ms,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    loopP99: delay.percentile(99) / 1e6,
    loopMax: delay.max / 1e6,
  };
}

async function speed(size: number, count: number) {
  const budget = Math.max(256 * MIB, 3 * size * count);
  let candidate = await open(directory, budget);
  const body = Buffer.alloc(size, 'pitwall');
  const write = await phase(count, 8, (i) => candidate.write(`key ${i}`, body));
  const spread = (i: number): string => `key ${(i * 7_919) % count}`;
  const expectBody = async (i: number): Promise<void> => {
    if ((await candidate.read(spread(i)))?.length !== size) throw new Error(`${name} lost ${spread(i)}`);
  };
  const read = await phase(2 * count, 8, expectBody);
  const alone = await phase(Math.min(count, 2_000), 1, expectBody);
  const resident = memory();
  await candidate.close();
  const cold = dropCaches();
  candidate = await open(directory, budget);
  const coldRead = await phase(Math.min(count, 500), 1, expectBody);
  await candidate.close();
  return { write, read, alone, resident, cold: cold ? coldRead : undefined };
}

/** Twice the budget of 64 KiB bodies, then what lies on the disk, MiB. */
async function fill() {
  const budget = 64 * MIB;
  const candidate = await open(directory, budget);
  const body = Buffer.alloc(65_536, 'pitwall');
  await many((2 * budget) / body.length, 8, (i) => candidate.write(`key ${i}`, body));
  const files = fileBytes(directory) / MIB;
  await candidate.close();
  return { files };
}

/** On a small file system: writes until it's refused, then reads. */
async function full() {
  const candidate = await open(directory, 64 * MIB);
  const body = Buffer.alloc(65_536, 'pitwall');
  let written = 0;
  try {
    while (written < 1_000 && (await candidate.write(`key ${written}`, body))) {
      written += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch {
    // Refused by an error: that's an answer too.
  }
  let readable = 0;
  for (let i = 0; i < written; i += 1)
    readable += (await candidate.read(`key ${i}`).catch(() => undefined)) === undefined ? 0 : 1;
  return { written, readable };
}

process.on('uncaughtException', (error) => {
  process.stdout.write(`${JSON.stringify({ failed: error.message })}\n`, () => process.exit(0));
});
const [what, size, count] = task.split(':');
const result =
  what === 'speed' ? await speed(Number(size), Number(count)) : what === 'fill' ? await fill() : await full();
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
