// The hit path beside its peers: one core each, 1 KiB JSON, 64 keep-alive connections, 10,000 keys.
import type { GatewaySnapshot } from '../lib/contracts/control.ts';
import { startChild } from './load/child.ts';
import { fill } from './load/fill.ts';
import { CORES, needProgram } from './load/programs.ts';
import { processorTime } from './load/processor-time.ts';
import { machine, settings } from './load/settings.ts';
import { median, table } from './load/statistics.ts';
import { KEYS, wrk, type Load, type Shape } from './load/wrk.ts';
import { startNginx, startVarnish, type Proxy } from './peers/proxy.ts';

const SHAPES: readonly Shape[] = ['round-robin', 'zipf'];
const HEADERS = ['cache-status', 'age', 'server-timing', 'x-request-id'];
const AIM = 0.9;

interface Round extends Load {
  /** Processor time of the candidate per request, µs; NaN where it can't be read. */
  readonly cpu: number;
}

async function measure({ pid, url }: { pid: number; url: string }, shape: Shape, seconds: number): Promise<Round> {
  const before = processorTime(pid);
  const load = await wrk(url, shape, seconds);
  const used = (processorTime(pid) ?? Number.NaN) - (before ?? Number.NaN);
  return { ...load, cpu: (used * 1_000) / load.requests };
}

/** Requests by how they were answered, over all routes. */
function resultsOf(snapshot: GatewaySnapshot): Map<string, number> {
  const sums = new Map<string, number>();
  for (const route of snapshot.services.flatMap((service) => service.routes)) {
    for (const [result, count] of Object.entries(route.results)) sums.set(result, (sums.get(result) ?? 0) + count);
  }
  return sums;
}

needProgram('wrk');
const { seconds, rounds } = settings({ seconds: 4, rounds: 5 });
const origin = await startChild('bench/peers/origin.ts', []);
const floor = await startChild('bench/peers/floor.ts', [String(KEYS)], CORES.candidate);
const gateway = await startChild('bench/peers/gateway.ts', [origin.url], CORES.candidate);
const peers: [string, Proxy | undefined][] = [
  ['nginx proxy_cache', await startNginx(origin.url)],
  ['Varnish', await startVarnish(origin.url)],
];
const candidates: [string, Pick<Proxy, 'pid' | 'url' | 'close'>][] = [
  ['node:http with a Map (floor)', floor],
  ['Pitwall gateway', gateway],
  ...peers.filter((peer): peer is [string, Proxy] => peer[1] !== undefined),
];
const gatewayAt = 1;

try {
  console.log(`${machine()} ${rounds} rounds of ${seconds} s, interleaved; medians.`);
  for (const [name, peer] of peers) if (peer === undefined) console.log(`${name} isn't installed here: left out.`);
  for (const [, { url }] of candidates) {
    await fill(url, KEYS);
    await wrk(url, 'round-robin', 2);
  }

  const probe = await fetch(`${gateway.url}/item/1`);
  await probe.arrayBuffer();
  const missing = HEADERS.filter((name) => !probe.headers.has(name));
  console.log(`Headers on: ${HEADERS.map((name) => `${name}: ${probe.headers.get(name) ?? '(missing)'}`).join(' | ')}`);
  if (missing.length > 0) throw new Error(`the gateway's answer lacks ${missing.join(', ')}: nothing to compare`);

  for (const shape of SHAPES) {
    const loads: Round[][] = candidates.map(() => []);
    const before = resultsOf(await gateway.ask<GatewaySnapshot>('snapshot'));
    for (let round = 0; round < rounds; round += 1) {
      const order = [...candidates.keys()];
      // There and back, so that none always follows the same one.
      for (const at of round % 2 === 0 ? order : order.reverse()) {
        loads[at]?.push(await measure((candidates[at] as (typeof candidates)[0])[1], shape, seconds));
      }
    }
    const after = resultsOf(await gateway.ask<GatewaySnapshot>('snapshot'));

    const ratios = (at: number): number[] =>
      (loads[at] ?? []).map((load, round) => load.perSecond / (loads[0]?.[round]?.perSecond ?? Number.NaN));
    const rows = candidates.map(([name], at) => {
      const own = loads[at] ?? [];
      const spread = ratios(at).map((ratio) => ratio.toFixed(2));
      return [
        name,
        Math.round(median(own.map((load) => load.perSecond))).toLocaleString('en'),
        median(own.map((load) => load.p99)).toFixed(2),
        median(ratios(at)).toFixed(2),
        spread.join(' '),
        median(own.map((load) => load.cpu)).toFixed(2),
      ];
    });
    console.log(`\n${shape}`);
    console.log(table([['', 'req/s', 'p99 ms', 'of floor', 'each round', 'CPU µs/request'], ...rows]));
    const total = [...after].reduce((sum, [name, count]) => sum + count - (before.get(name) ?? 0), 0);
    const shares = [...after]
      .map(([name, count]) => [name, (count - (before.get(name) ?? 0)) / total] as const)
      .filter(([, share]) => share > 0)
      .map(([name, share]) => `${name} ${(100 * share).toFixed(2)} %`);
    console.log(`Answered by: ${shares.join(', ')} of ${total.toLocaleString('en')}`);
    const ratio = median(ratios(gatewayAt));
    console.log(`Aim: at least ${AIM} of the floor: ${ratio >= AIM ? 'reached' : 'missed'} (${ratio.toFixed(2)}).`);
  }
} finally {
  for (const [, candidate] of candidates) await candidate.close();
  await origin.close();
}
