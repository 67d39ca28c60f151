// In-process get-or-set on a hit: our memo beside cachified, bentocache and a bare Map.
import { cachified, type CacheEntry } from '@epic-web/cachified';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { createMemo } from '../lib/dedup/memo.ts';
import { systemClock } from '../lib/kernel/clock.ts';
import { machine, settings } from './load/settings.ts';
import { median, table } from './load/statistics.ts';

const KEYS = 1_000;
const TTL = 3_600_000;
const AIM = 3e6;
const keys = Array.from({ length: KEYS }, (_, i) => `user:${i}`);
const load = (key: string) => (): Promise<{ key: string }> => Promise.resolve({ key });
const loads = keys.map(load);

/** Runs once over all keys. */
type Pass = () => void | Promise<void>;

const map = new Map(keys.map((key) => [key, { key }]));
const memo = createMemo<{ key: string }>({ ttlMs: TTL, maxEntries: 10_000, clock: systemClock });
const store = new Map<string, CacheEntry>();
const bento = new BentoCache({
  default: 'memory',
  stores: { memory: bentostore({ ttl: TTL }).useL1Layer(memoryDriver({ maxItems: 10_000, serialize: false })) },
});

let sink = 0;
const candidates: [string, Pass][] = [
  [
    'bare Map',
    () => {
      for (let i = 0; i < KEYS; i += 1) sink += map.get(keys[i] as string)?.key.length ?? 0;
    },
  ],
  [
    'Pitwall memo',
    () => {
      for (let i = 0; i < KEYS; i += 1) {
        const value = memo.getOrSet(keys[i] as string, loads[i] as (typeof loads)[0]);
        if (!(value instanceof Promise)) sink += value.key.length;
      }
    },
  ],
  [
    'Pitwall memo, awaited',
    async () => {
      for (let i = 0; i < KEYS; i += 1) {
        sink += (await memo.getOrSet(keys[i] as string, loads[i] as (typeof loads)[0])).key.length;
      }
    },
  ],
  [
    'cachified',
    async () => {
      for (let i = 0; i < KEYS; i += 1) {
        const getFreshValue = loads[i] as (typeof loads)[0];
        sink += (await cachified({ key: keys[i] as string, cache: store, ttl: TTL, getFreshValue })).key.length;
      }
    },
  ],
  [
    'bentocache',
    async () => {
      for (let i = 0; i < KEYS; i += 1) {
        const factory = loads[i] as (typeof loads)[0];
        sink += (await bento.getOrSet({ key: keys[i] as string, factory })).key.length;
      }
    },
  ],
];

async function perSecond(pass: Pass, ms: number): Promise<number> {
  const started = performance.now();
  let passes = 0;
  for (let elapsed = 0; elapsed < ms; elapsed = performance.now() - started) {
    await pass();
    passes += 1;
  }
  return (passes * KEYS * 1_000) / (performance.now() - started);
}

const { seconds, rounds } = settings({ seconds: 1, rounds: 5 });
console.log(`${machine()} ${KEYS} keys, all hits; ${rounds} rounds of ${seconds} s, interleaved; medians.`);
for (const key of keys) await memo.getOrSet(key, load(key));
for (const [, pass] of candidates) await perSecond(pass, 500);
const figures: number[][] = candidates.map(() => []);
for (let round = 0; round < rounds; round += 1) {
  for (const [at, [, pass]] of candidates.entries()) figures[at]?.push(await perSecond(pass, seconds * 1_000));
}
const million = (value: number): string => (value / 1e6).toFixed(2);
const medians = figures.map(median);
const memoAt = 1;
console.log(
  table([
    ['', 'M ops/s', 'of the memo', 'each round'],
    ...candidates.map(([name], at) => [
      name,
      million(medians[at] ?? 0),
      ((medians[at] ?? 0) / (medians[memoAt] ?? 1)).toFixed(2),
      (figures[at] ?? []).map(million).join(' '),
    ]),
  ]),
);
console.log(`Aim: at least ${AIM / 1e6} M/s: ${(medians[memoAt] ?? 0) >= AIM ? 'reached' : 'missed'}. (${sink} read)`);
await bento.disconnectAll();
