// Two gateway workers on two cores beside one on one: each worker shares its core with its half of the load generator,
// so that two cores have exactly twice the work and twice the room.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from './load/child.ts';
import { fill } from './load/fill.ts';
import { needProgram } from './load/programs.ts';
import { machine, settings } from './load/settings.ts';
import { median, table } from './load/statistics.ts';
import { KEYS } from './load/wrk.ts';

const run = promisify(execFile);
const AIM = 1.8;
const CONNECTIONS_PER_CORE = 64;

/** Requests a second from `cores` threads of wrk on cores 0 to `cores` − 1. */
async function load(url: string, cores: number, seconds: number): Promise<number> {
  const script = join(import.meta.dirname, 'load/keys.lua');
  const on = ['-c', cores === 1 ? '0' : `0-${cores - 1}`, 'wrk', `-t${cores}`, `-c${cores * CONNECTIONS_PER_CORE}`];
  const { stdout } = await run('taskset', [
    ...on,
    `-d${seconds}s`,
    '-s',
    script,
    url,
    '--',
    String(KEYS),
    'round-robin',
  ]);
  const result = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? '{}') as Record<string, number>;
  const failures = ['connect', 'read', 'write', 'status', 'timeout'].filter((name) => result[name] !== 0);
  if (failures.length > 0) throw new Error(`${url}: ${failures.map((name) => `${name} ${result[name]}`).join(', ')}`);
  return ((result.requests ?? 0) / (result.microseconds ?? 1)) * 1e6;
}

for (const program of ['wrk', 'taskset']) needProgram(program);
const { seconds, rounds } = settings({ seconds: 4, rounds: 5 });
const origin = await startChild('bench/peers/origin.ts', []);
const one = await startChild('bench/peers/gateway.ts', [origin.url, '--workers', '1'], 0);
const two = await startChild('bench/peers/gateway.ts', [origin.url, '--workers', '2']);

try {
  console.log(`${machine()} ${rounds} rounds of ${seconds} s, interleaved; medians.`);
  for (const { url } of [one, two]) {
    // Each worker has a cache of its own: twice, so that both have nearly all, then warm.
    await fill(url, KEYS);
    await fill(url, KEYS);
    await load(url, url === one.url ? 1 : 2, 3);
  }
  const ratios: number[] = [];
  const rates: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const [single, double] = [await load(one.url, 1, seconds), await load(two.url, 2, seconds)];
    rates[0].push(single);
    rates[1].push(double);
    ratios.push(double / single);
  }
  const row = (name: string, values: readonly number[], ratio: string): string[] => [
    name,
    Math.round(median(values)).toLocaleString('en'),
    ratio,
  ];
  const spread = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
  console.log(
    table([
      ['', 'req/s', 'of one'],
      row('1 worker and wrk on one core', rates[0], '1.00'),
      row('2 workers and wrk on two cores', rates[1], `${median(ratios).toFixed(2)} (${spread})`),
    ]),
  );
  const reached = median(ratios) >= AIM ? 'reached' : 'missed';
  console.log(`Aim: at least ${AIM} times: ${reached} (${median(ratios).toFixed(2)}).`);
} finally {
  for (const child of [one, two, origin]) await child.close();
}
