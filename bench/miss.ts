// What a miss costs: the same origin asked directly and through the gateway, each time for a key nobody asked before.
import { Agent, get } from 'node:http';
import { startChild } from './load/child.ts';
import { machine, settings } from './load/settings.ts';
import { median, quantile, table } from './load/statistics.ts';

const REQUESTS = 2_000;
const AIM_MS = 0.5;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let unique = 0;

function timed(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(performance.now() - started));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** Latencies in ms of `REQUESTS` requests by `concurrency` clients, each waiting for its answer. */
async function sample(url: string, concurrency: number): Promise<number[]> {
  const latencies: number[] = [];
  const client = async (): Promise<void> => {
    while (latencies.length < REQUESTS) latencies.push(await timed(`${url}/cold/${(unique += 1)}`));
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return latencies;
}

const { rounds } = settings({ seconds: 0, rounds: 7 });
const origin = await startChild('bench/peers/origin.ts', []);
const gateway = await startChild('bench/peers/gateway.ts', [origin.url]);
try {
  console.log(`${machine()} ${REQUESTS} cold keys a round, ${rounds} rounds, interleaved; medians of the rounds, ms.`);
  const rows = [
    ['clients', 'direct p50', 'miss p50', 'overhead p50', 'direct p99', 'miss p99', 'overhead, each round'],
  ];
  for (const concurrency of [1, 16]) {
    await sample(origin.url, concurrency);
    await sample(gateway.url, concurrency);
    const direct: number[][] = [];
    const miss: number[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      direct.push(await sample(origin.url, concurrency));
      miss.push(await sample(gateway.url, concurrency));
    }
    const mid = (all: number[][], q: number): number => median(all.map((one) => quantile(one, q)));
    const overheads = miss.map((one, round) => quantile(one, 0.5) - quantile(direct[round] ?? [], 0.5));
    rows.push([
      String(concurrency),
      ...[mid(direct, 0.5), mid(miss, 0.5), median(overheads), mid(direct, 0.99), mid(miss, 0.99)].map((ms) =>
        ms.toFixed(3),
      ),
      overheads.map((ms) => ms.toFixed(2)).join(' '),
    ]);
  }
  console.log(table(rows));
  console.log(`Aim: p50 overhead under ${AIM_MS} ms.`);
} finally {
  agent.destroy();
  await gateway.close();
  await origin.close();
}
