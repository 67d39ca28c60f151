// What clears cost: a clear with 1,000,000 entries beside one with 10, and the hit path with 10,000 prefixes and globs
// in the log beside an empty one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClearDraft } from '../lib/cache/clear-record.ts';
import { startChild, type Child } from './load/child.ts';
import { fill } from './load/fill.ts';
import { CORES, needProgram } from './load/programs.ts';
import { processorTime } from './load/processor-time.ts';
import { machine, settings } from './load/settings.ts';
import { median, table } from './load/statistics.ts';
import { KEYS, wrk } from './load/wrk.ts';

const MANY = 1_000_000;
const FEW = 10;
const PATTERNS = 10_000;
const HIT_AIM = 0.98;

needProgram('wrk');
const { seconds, rounds } = settings({ seconds: 3, rounds: 7 });
const folder = await mkdtemp(join(tmpdir(), 'pitwall-bench-clears-'));
const origin = await startChild('bench/peers/origin.ts', []);
const children: Child[] = [origin];
const start = async (name: string, core?: number): Promise<Child> => {
  const child = await startChild('bench/peers/gateway.ts', [origin.url, '--data', join(folder, name)], core);
  children.push(child);
  return child;
};
const detail = async (child: Child, path: string): Promise<string> => {
  const response = await fetch(child.url + path);
  await response.arrayBuffer();
  return /detail=(\S+)/.exec(response.headers.get('cache-status') ?? '')?.[1] ?? '';
};

try {
  console.log(machine());
  const clearing: string[][] = [['entries in L3', 'clear of all, ms (median)', 'each']];
  for (const count of [FEW, MANY]) {
    const child = await start(String(count));
    const held = await child.ask<number>({ fill: count });
    const found = await detail(child, `/item/${Math.ceil(count / 2)}`);
    if (found !== 'l3') throw new Error(`an entry of ${held.toLocaleString('en')} was answered by ${found}`);
    const times: number[] = [];
    for (let round = 0; round < 11; round += 1) {
      const scope = round % 2 === 0 ? { tag: 'all' } : { prefix: `${child.url}/item/` };
      times.push(await child.ask<number>({ clears: [{ scope, mode: 'hard' }] }));
    }
    const after = await detail(child, `/item/${count}`);
    if (after === 'l3') throw new Error('a cleared entry was answered');
    const row = [held.toLocaleString('en'), median(times).toFixed(2), times.map((ms) => ms.toFixed(1)).join(' ')];
    clearing.push(row);
    await child.close();
  }
  console.log(`\n${table(clearing)}`);

  const [empty, full] = [await start('empty', CORES.candidate), await start('full', CORES.candidate)];
  const clears = Array.from({ length: PATTERNS }, (_, i): ClearDraft => ({
    scope: i % 2 === 0 ? { prefix: `http://other.test/section/${i}/` } : { glob: `http://*.test/*/draft-${i}*` },
    mode: 'soft',
  }));
  const took = await full.ask<number>({ clears });
  console.log(`\n${PATTERNS.toLocaleString('en')} clears of prefixes and globs, one by one: ${took.toFixed(0)} ms.`);
  for (const { url } of [empty, full]) {
    await fill(url, KEYS);
    await wrk(url, 'round-robin', 2);
  }
  const rates: [number[], number[]] = [[], []];
  const costs: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const at of order as (0 | 1)[]) {
      const child = [empty, full][at] as Child;
      const before = processorTime(child.pid) ?? Number.NaN;
      const load = await wrk(child.url, 'round-robin', seconds);
      rates[at].push(load.perSecond);
      costs[at].push((((processorTime(child.pid) ?? Number.NaN) - before) * 1_000) / load.requests);
    }
  }
  const ratios = rates[1].map((rate, i) => rate / (rates[0][i] as number));
  const row = (name: string, at: 0 | 1, ratio: string): string[] => [
    name,
    Math.round(median(rates[at])).toLocaleString('en'),
    median(costs[at]).toFixed(2),
    ratio,
  ];
  const spread = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
  console.log(
    `\n${table([
      ['hits', 'req/s', 'CPU µs/request', 'of the empty one'],
      row('empty log', 0, '1.00'),
      row(`${PATTERNS.toLocaleString('en')} live patterns`, 1, `${median(ratios).toFixed(3)} (${spread})`),
    ])}`,
  );
  const reached = median(ratios) >= HIT_AIM ? 'reached' : 'missed';
  console.log(`Aim: at least ${HIT_AIM} of the empty one: ${reached} (${median(ratios).toFixed(3)}).`);
} finally {
  for (const child of children.reverse()) await child.close();
  await rm(folder, { recursive: true, force: true });
}
