// 1,000 simultaneous requests for one cold key: how many origin calls do they make?
import { Agent, get } from 'node:http';
import { startChild, type Child } from './load/child.ts';
import { machine, settings } from './load/settings.ts';
import { table } from './load/statistics.ts';
import { startNginx, startVarnish } from './peers/proxy.ts';

const REQUESTS = 1_000;
/** Long enough for all of them to arrive while the first is under way, ms. */
const ORIGIN_MS = 500;

function request(url: string, agent: Agent): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

const callsTo = (origin: Child): Promise<number> => origin.ask<number>('calls');

/** Opens the connections first, so that the requests come at once. */
async function measure(url: string, origin: Child, key: string): Promise<[calls: number, ms: number, good: number]> {
  const agent = new Agent({ keepAlive: true, maxSockets: REQUESTS, maxFreeSockets: REQUESTS });
  const paths = (path: (i: number) => string) => Array.from({ length: REQUESTS }, (_, i) => `${url}${path(i)}`);
  await Promise.all(paths(() => '/warm').map((path) => request(path, agent)));
  const before = await callsTo(origin);
  const started = performance.now();
  const answers = await Promise.all(paths(() => `/cold/${key}`).map((path) => request(path, agent)));
  const ms = performance.now() - started;
  agent.destroy();
  const good = answers.filter((answer) => answer.status === 200 && answer.bytes === 1_024).length;
  return [(await callsTo(origin)) - before, ms, good];
}

const { rounds } = settings({ seconds: 0, rounds: 5 });
const origin = await startChild('bench/peers/origin.ts', [String(ORIGIN_MS)]);
const gateway = await startChild('bench/peers/gateway.ts', [origin.url]);
const peers = [
  ['Pitwall gateway', gateway],
  ['nginx proxy_cache_lock', await startNginx(origin.url)],
  ['Varnish', await startVarnish(origin.url)],
] as const;

try {
  console.log(
    `${machine()} ${REQUESTS} requests at once for one cold key, origin takes ${ORIGIN_MS} ms, ${rounds} rounds.`,
  );
  const rows = [['', 'origin calls per round', 'complete answers', 'ms until the last']];
  for (const [name, peer] of peers) {
    if (peer === undefined) continue;
    const seen: [number, number, number][] = [];
    for (let round = 0; round < rounds; round += 1)
      seen.push(await measure(peer.url, origin, `${name.length}-${round}`));
    const all = (at: 0 | 1 | 2): string => seen.map((one) => Math.round(one[at])).join(' ');
    rows.push([name, all(0), all(2), all(1)]);
  }
  console.log(table(rows));
} finally {
  for (const [, peer] of peers) await peer?.close();
  await origin.close();
}
