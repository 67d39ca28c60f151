// What stays in memory: hit ratios on real traces, by requests and by bytes, and the time per operation, beside LRU.
import { parseArgs } from 'node:util';
import { needProgram } from './load/programs.ts';
import { machine } from './load/settings.ts';
import { median, table } from './load/statistics.ts';
import { createLru } from './policies/lru.ts';
import { belady, bound, type Ratios } from './policies/optimum.ts';
import { createOurs } from './policies/ours.ts';
import type { CreatePolicy } from './policies/policy.ts';
import { createS3Fifo } from './policies/s3-fifo.ts';
import { createSievePolicy } from './policies/sieve.ts';
import { missingTraces, readTraces, type Trace } from './policies/traces.ts';
import { wTinyLfu } from './policies/w-tiny-lfu.ts';

const AIM_BELOW_BEST = 0.005;
const AIM_TIME = 1.5;
/** Capacities in bytes, as shares of the bytes of all keys. */
const SHARES = [0.01, 0.1];

/** What a trace is run against. */
interface Run {
  readonly label: string;
  readonly trace: Trace;
  /** 1 for each request where entries count. */
  readonly sizes: readonly number[];
  readonly capacity: number;
  readonly meanSize: number;
}

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: '../shared/traces' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
  },
});
const missing = missingTraces(values.traces);
if (missing.length > 0) {
  console.error(`${values.traces} has no ${missing.join(', ')}: name the folder of the traces with --traces FOLDER.`);
  process.exit(1);
}
needProgram('xz');

const policies = (run: Run): [name: string, create: CreatePolicy][] => [
  ['LRU', createLru],
  ['SIEVE', createSievePolicy],
  ['S3-FIFO', createS3Fifo],
  ['W-TinyLFU 1 %', wTinyLfu(0.01, run.meanSize)],
  ['W-TinyLFU 20 %', wTinyLfu(0.2, run.meanSize)],
  ['ours', createOurs],
];

/** Runs a whole trace through a new cache. */
function ratios({ trace, sizes, capacity }: Run, create: CreatePolicy): Ratios {
  const policy = create(capacity);
  let [hits, hitBytes, bytes] = [0, 0, 0];
  for (const [i, key] of trace.keys.entries()) {
    const size = sizes[i] as number;
    bytes += size;
    if (!policy.ask(key, size)) continue;
    hits++;
    hitBytes += size;
  }
  return { requests: hits / sizes.length, bytes: hitBytes / bytes };
}

function inEntries(trace: Trace): Run[] {
  const sizes = trace.keys.map(() => 1);
  return trace.entries.map((capacity) => ({
    label: `${trace.name}, ${capacity.toLocaleString('en')}`,
    trace,
    sizes,
    capacity,
    meanSize: 1,
  }));
}

function inBytes(trace: Trace): Run[] {
  const { sizes } = trace;
  if (sizes === undefined) return [];
  const unique = [...new Map(trace.keys.map((key, i) => [key, sizes[i] as number])).values()];
  const all = unique.reduce((sum, size) => sum + size, 0);
  return SHARES.map((share) => ({
    label: `${trace.name}, ${share * 100} % (${((all * share) / 1_048_576).toFixed(1)} MiB)`,
    trace,
    sizes,
    capacity: Math.floor(all * share),
    meanSize: all / unique.length,
  }));
}

/** Processor time of one request in ns, of passes of the whole trace. */
function nsPerRequest({ trace, sizes, capacity }: Run, create: CreatePolicy, ms: number): number {
  const before = process.cpuUsage();
  let passes = 0;
  for (const started = performance.now(); performance.now() - started < ms; passes++) {
    const policy = create(capacity);
    for (let i = 0; i < sizes.length; i++) policy.ask(trace.keys[i] as string, sizes[i] as number);
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / (passes * sizes.length);
}

const three = (value: number): string => value.toFixed(3);
const names = ['LRU', 'SIEVE', 'S3-FIFO', 'W-TinyLFU 1 %', 'W-TinyLFU 20 %', 'ours'];
const traces = readTraces(values.traces);
console.log(machine());

const counted = traces.flatMap(inEntries);
const entryRows = [['', ...names, 'optimum', 'ours - best, points']];
let worst = Infinity;
for (const run of counted) {
  const found = policies(run).map(([, create]) => ratios(run, create).requests);
  const ours = found.pop() as number;
  const lead = ours - Math.max(...found);
  worst = Math.min(worst, lead);
  const best = belady(run.trace.keys, run.capacity);
  entryRows.push([run.label, ...found.map(three), three(ours), three(best), (lead * 100).toFixed(1)]);
}
console.log(`\nHit ratio by requests; capacity in entries\n${table(entryRows)}`);

for (const by of ['requests', 'bytes'] as const) {
  const rows = [['', ...names, 'no policy can exceed']];
  for (const run of traces.flatMap(inBytes)) {
    const found = policies(run).map(([, create]) => ratios(run, create)[by]);
    rows.push([run.label, ...found.map(three), three(bound(run.trace.keys, run.sizes, run.capacity)[by])]);
  }
  console.log(`\nHit ratio by ${by}; capacity in bytes, as a share of all keys'\n${table(rows)}`);
}

const [rounds, ms] = [Number(values.rounds), (Number(values.seconds) * 1_000) / 10];

/** Processor time of each candidate as a ratio to that of the first, in turns; the first's own in ns. */
function timed(run: Run, candidates: readonly CreatePolicy[]): number[] {
  const times: number[][] = candidates.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [at, create] of candidates.entries()) {
      const ns = nsPerRequest(run, create, ms);
      if (round >= 0) times[at]?.push(ns);
    }
  }
  const [first = [], ...others] = times;
  return [median(first), ...others.map((each) => median(each.map((ns, round) => ns / (first[round] as number))))];
}

const timeRows = [['', ...names.map((name) => (name === 'LRU' ? 'LRU, ns' : name))]];
const ratiosTo = counted.map((run) =>
  timed(
    run,
    policies(run).map(([, create]) => create),
  ),
);
for (const [at, [lru = 0, ...others]] of ratiosTo.entries()) {
  timeRows.push([counted[at]?.label ?? '', lru.toFixed(0), ...others.map((ratio) => ratio.toFixed(2))]);
}
const slowest = Math.max(...ratiosTo.map((row) => row.at(-1) as number));
console.log(`\nProcessor time per request beside a Map-based LRU; medians of ${rounds} rounds\n${table(timeRows)}`);
const verdict = (reached: boolean): string => (reached ? 'reached' : 'missed');
console.log(
  `Aim: nowhere more than ${AIM_BELOW_BEST * 100} points below the best of the others: ${verdict(worst >= -AIM_BELOW_BEST)} (${(worst * 100).toFixed(1)}).`,
);
console.log(`Aim: at most ${AIM_TIME} times LRU's time: ${verdict(slowest <= AIM_TIME)} (${slowest.toFixed(2)}).`);
