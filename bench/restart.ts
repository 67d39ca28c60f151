// A restart with 1 GiB in L3 on disk: how long until the product is ready, and whether the first requests are hits.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './load/child.ts';
import { fill } from './load/fill.ts';
import { machine, settings } from './load/settings.ts';
import { median, quantile, table } from './load/statistics.ts';
import { startProduct } from './peers/product.ts';

const BODY = 16_384;
/** More than fits, so that the budget is used to the brim. */
const KEYS = Math.ceil((1.05 * 1_073_741_824) / BODY);
const AIM_MS = 3_000;
const ASKED = 1_000;

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const { rounds } = settings({ seconds: 0, rounds: 3 });
const data = await mkdtemp(join(tmpdir(), 'pitwall-bench-restart-'));
const origin = await startChild('bench/peers/origin.ts', ['0', String(BODY)]);
// One port over all starts: it's part of the keys.
const first = await startProduct(origin.url, { PITWALL_DATA_DIR: data });
const port = new URL(first.gatewayUrl).port;
const readies: number[] = [];
const levels = new Map<string, number>();
const waits: number[] = [];

try {
  console.log(machine());
  await fill(first.gatewayUrl, KEYS);
  await first.close();
  const held = await bytesIn(join(data, 'cache'));
  const calls = await origin.ask<number>('calls');
  for (let round = 0; round < rounds; round += 1) {
    const product = await startProduct(origin.url, { PITWALL_DATA_DIR: data, GATEWAY_PORT: port });
    readies.push(product.readyMs);
    for (let i = 0; i < ASKED; i += 1) {
      // The newest are there; each round asks for others.
      const start = performance.now();
      const response = await fetch(`${product.gatewayUrl}/item/${KEYS - round * ASKED - i}`);
      await response.arrayBuffer();
      waits.push(performance.now() - start);
      const level = /detail=(\S+)/.exec(response.headers.get('cache-status') ?? '')?.[1] ?? '';
      levels.set(level, (levels.get(level) ?? 0) + 1);
    }
    await product.close();
  }
  const asked = (await origin.ask<number>('calls')) - calls;
  console.log(
    table([
      ['', 'on disk MiB', 'ready ms', 'each', 'first answers', 'p50 ms', 'p99 ms', 'origin calls'],
      [
        `${(KEYS / 1_000).toFixed(0)},000 bodies of 16 KiB`,
        (held / 1_048_576).toFixed(0),
        median(readies).toFixed(0),
        readies.map((ms) => ms.toFixed(0)).join(' '),
        [...levels].map(([level, count]) => `${level} ${count}`).join(', '),
        quantile(waits, 0.5).toFixed(2),
        quantile(waits, 0.99).toFixed(2),
        String(asked),
      ],
    ]),
  );
  const worst = Math.max(...readies);
  console.log(`Aim: ready in under ${AIM_MS} ms: ${worst < AIM_MS ? 'reached' : 'missed'} (${worst.toFixed(0)}).`);
} finally {
  await origin.close();
  await rm(data, { recursive: true, force: true });
}
