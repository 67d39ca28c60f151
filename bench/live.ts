// The live hub with 1,000 browsers: how soon is a tick at all of them, what does it cost the console, and does the
// gateway feel it?
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild, type Child } from './load/child.ts';
import { processorTime } from './load/processor-time.ts';
import { machine, settings } from './load/settings.ts';
import { median, quantile, table } from './load/statistics.ts';
import { anonymousBytes, mainThreadTime } from './load/thread.ts';
import { startProduct } from './peers/product.ts';

const CLIENTS = 1_000;
const GATEWAY_RATE = 1_000;
const AIMS = { latencyMs: 10, share: 0.15, moved: 0.1 };
/** Flushes are noted this often by bench/peers/flush-times.ts, at most. ms */
const NOTED_MS = 1_000;

type Arrival = readonly [port: number, at: number];

interface Heard {
  readonly arrived: Arrival[];
  readonly decoded: Arrival[];
  /** Of each tick, ms from the end of the second that it tells of until it was decoded. */
  readonly ages: number[];
  readonly overviews: number;
  readonly problems: string[];
  readonly bytes: number;
}
interface Sent {
  readonly sent: number;
  readonly failed: number;
  readonly latencies: readonly number[];
}

const { seconds, rounds } = settings({ seconds: 10, rounds: 5 });
const origin = await startChild('bench/peers/origin.ts', []);
const load = await startChild('bench/peers/steady-client.ts', []);
const crowd: Child[] = [
  await startChild('bench/peers/live-clients.ts', []),
  await startChild('bench/peers/live-clients.ts', []),
];
const notes = await mkdtemp(join(tmpdir(), 'pitwall-bench-flushes-'));
const flushFile = join(notes, 'flushes');
const product = await startProduct(origin.url, {
  FLUSH_TIMES: flushFile,
  NODE_OPTIONS: `--import=${new URL('peers/flush-times.ts', import.meta.url).href}`,
});
const hits = Array.from({ length: 1_000 }, (_, i) => `${product.gatewayUrl}/item/${i}`);

const all = <T>(question: object): Promise<T[]> => Promise.all(crowd.map((child) => child.ask<T>(question)));

async function toGateway(length: number): Promise<Sent> {
  const outcome = await load.ask<Sent>({ urls: hits, perSecond: GATEWAY_RATE, seconds: length });
  if (outcome.failed > 0) throw new Error(`${outcome.failed} of ${outcome.sent} requests to the gateway failed`);
  return outcome;
}

const connect = async (): Promise<number> => {
  // A range whose steps are seconds: a tick's end is then that of the second it tells of.
  const watch = { service: 'all', range: '1m' };
  const each = { url: product.consoleUrl, clients: CLIENTS / crowd.length, watch };
  return Math.max(...(await all<{ ms: number }>({ connect: each })).map(({ ms }) => ms));
};

async function listen(length: number): Promise<Heard> {
  const heard = await all<Heard>({ listen: length });
  const problems = heard.flatMap((one) => one.problems);
  if (problems.length > 0) throw new Error(`clients were told: ${[...new Set(problems)].join('; ')}`);
  return {
    arrived: heard.flatMap((one) => one.arrived),
    decoded: heard.flatMap((one) => one.decoded),
    ages: heard.flatMap((one) => one.ages),
    overviews: heard.reduce((sum, one) => sum + one.overviews, 0),
    problems,
    bytes: heard.reduce((sum, one) => sum + one.bytes, 0),
  };
}

/** Of what came, how long after the flush that it belongs to began: the last one before it to the same client. */
async function sinceFlush(came: readonly Arrival[]): Promise<number[]> {
  await pause(NOTED_MS);
  const flushes = new Map<number, number[]>();
  for (const line of (await readFile(flushFile, 'utf8')).split('\n').filter(Boolean)) {
    for (const [port, at] of JSON.parse(line) as Arrival[]) {
      const known = flushes.get(port);
      if (known === undefined) flushes.set(port, [at]);
      else known.push(at);
    }
  }
  return came.map(([port, at]) => {
    const flushed = flushes.get(port)?.findLast((before) => before <= at);
    if (flushed === undefined) throw new Error(`nothing was flushed to port ${port} before it came there`);
    return at - flushed;
  });
}

interface Shares {
  /** Of a core, that the console's thread takes, and all threads of the process together. */
  readonly thread: number;
  readonly process: number;
}

async function shareDuring<T>(work: () => Promise<T>): Promise<{ shares: Shares; result: T }> {
  const used = (): [number, number] => [mainThreadTime(product.pid), processorTime(product.pid) ?? Number.NaN];
  const [at, [thread, all]] = [performance.now(), used()];
  const result = await work();
  const ms = performance.now() - at;
  const [threadAfter, allAfter] = used();
  return { shares: { thread: (threadAfter - thread) / ms, process: (allAfter - all) / ms }, result };
}

try {
  console.log(
    `${machine()} ${CLIENTS} clients in ${crowd.length} processes, a tick a second; ${rounds} rounds of ${seconds} s.`,
  );
  await toGateway(3);
  const idleMemory = anonymousBytes(product.pid);
  const connectMs = await connect();
  await listen(5);
  const memory = (anonymousBytes(product.pid) - idleMemory) / CLIENTS;
  await all({ disconnect: true });

  const arrived: number[] = [];
  const decoded: number[] = [];
  const ages: number[] = [];
  const [quiet, busy]: [Shares[], Shares[]] = [[], []];
  const bytes: number[] = [];
  const [alone, beside]: [Sent[], Sent[]] = [[], []];
  const withoutClients = async (): Promise<void> => {
    quiet.push((await shareDuring(() => pause(seconds * 1_000))).shares);
    alone.push(await toGateway(seconds));
  };
  const withClients = async (): Promise<void> => {
    await connect();
    await listen(2);
    const { shares, result } = await shareDuring(() => listen(seconds));
    busy.push(shares);
    decoded.push(...(await sinceFlush(result.decoded)));
    ages.push(...result.ages);
    bytes.push(result.bytes / Math.max(1, result.arrived.length));
    await all({ deaf: true });
    arrived.push(...(await sinceFlush((await listen(seconds)).arrived)));
    const [sent] = await Promise.all([toGateway(seconds), listen(seconds)]);
    beside.push(sent);
    await all({ disconnect: true });
    await pause(1_000);
  };
  for (let round = 0; round < rounds; round += 1) {
    const turns = round % 2 === 0 ? [withoutClients, withClients] : [withClients, withoutClients];
    for (const turn of turns) await turn();
  }

  const p99 = (sent: Sent): number => quantile(sent.latencies, 0.99);
  const quantiles = (values: readonly number[]): string[] =>
    [0.5, 0.99, 0.999].map((q) => quantile(values, q).toFixed(2));
  console.log(
    table([
      ['from flush to client', 'p50 ms', 'p99 ms', 'p99.9 ms'],
      ['bytes at its socket', ...quantiles(arrived)],
      ['decoded, all on this machine', ...quantiles(decoded)],
    ]),
  );
  console.log(
    table([
      ['from the end of a second to a client', 'p50 ms', 'p99 ms', 'p99.9 ms'],
      ['decoded, all on this machine', ...quantiles(ages)],
    ]),
  );
  console.log(
    table([
      ['', 'without clients', `${CLIENTS} clients`, 'each round'],
      ...(['thread', 'process'] as const).map((which) => [
        which === 'thread' ? "console's thread, % of a core" : 'whole process, % of a core',
        ...[quiet, busy].map((one) => (100 * median(one.map((shares) => shares[which]))).toFixed(1)),
        busy.map((shares) => (100 * shares[which]).toFixed(1)).join(' '),
      ]),
      [
        "gateway's p99 ms",
        ...[alone, beside].map((one) => median(one.map(p99)).toFixed(2)),
        beside.map((one) => p99(one).toFixed(2)).join(' '),
      ],
    ]),
  );
  const moved = median(beside.map(p99)) / median(alone.map(p99)) - 1;
  console.log(
    `${(memory / 1_024).toFixed(1)} KiB of memory and ${Math.round(median(bytes))} bytes a second per client; ` +
      `${CLIENTS} clients connected and had their overview in ${(connectMs / 1_000).toFixed(1)} s.`,
  );
  const verdict = (name: string, value: string, reached: boolean): void =>
    console.log(`${name}: ${value}: ${reached ? 'reached' : 'missed'}.`);
  const latency = quantile(arrived, 0.99);
  verdict(
    `p99 from flush to client (aim: under ${AIMS.latencyMs} ms)`,
    `${latency.toFixed(1)} ms`,
    latency < AIMS.latencyMs,
  );
  const share = median(busy.map(({ thread }) => thread));
  verdict(
    `Console's thread (aim: under ${100 * AIMS.share} % of a core)`,
    `${(100 * share).toFixed(1)} %`,
    share < AIMS.share,
  );
  verdict(
    `Gateway's p99 moved by (aim: under ${100 * AIMS.moved} %)`,
    `${(100 * moved).toFixed(0)} %`,
    moved < AIMS.moved,
  );
} finally {
  await product.close();
  await Promise.all([load, origin, ...crowd].map((child) => child.close()));
  await rm(notes, { recursive: true });
}
