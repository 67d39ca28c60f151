// L3 on Redis over the loopback: how long a read and a write take, beside a bare GET and SET of as many bytes.
import { makeEntry, type Entry } from '../lib/cache/entry.ts';
import { createRedisLevel } from '../lib/cache/stores/redis-level.ts';
import { createTimebase } from '../lib/cache/timebase.ts';
import { systemClock } from '../lib/kernel/clock.ts';
import { openRedis } from '../lib/storage/redis/connect.ts';
import { createRedisGuard } from '../lib/storage/redis/guard.ts';
import { eventually } from '../tests/support/eventually.ts';
import { startRedis } from '../tests/support/redis.ts';
import { machine, settings } from './load/settings.ts';
import { median, quantile, table } from './load/statistics.ts';

const { seconds, rounds } = settings({ seconds: 2, rounds: 3 });
const KEYS = 200;
const LATE_MS = 1_000;

const server = await startRedis();
const connection = openRedis(server.url, { name: 'bench', random: Math.random });
await eventually(() => {
  if (connection.state.kind !== 'ready') throw new Error(connection.state.why);
});
const { client } = connection;
const level = createRedisLevel({
  bodies: client,
  guard: createRedisGuard({ clock: systemClock, random: Math.random, deadlineMs: LATE_MS }),
  clock: systemClock,
  timebase: createTimebase(systemClock),
  prefix: 'bench:',
  id: 'bench-0123456789',
});

function entry(i: number, size: number, language?: string): Entry {
  const until = systemClock.mono() + 3_600_000;
  return makeEntry({
    key: `GET http://bench.test/${size}/${language ?? ''}/${i} realm=bench`,
    service: 'bench',
    vary: language === undefined ? [] : ['accept-language'],
    varyValues: language === undefined ? [] : [language],
    status: 200,
    statusMessage: 'OK',
    headers: ['Content-Type', 'application/json', 'Cache-Control', 'max-age=3600'],
    body: Buffer.alloc(size, 'x'),
    partial: undefined,
    tags: ['bench'],
    clearNumber: 0,
    storedAt: systemClock.mono(),
    ownHeaders: [],
    initialAge: 0,
    responseDelay: 0,
    freshUntil: until,
    staleWhileRevalidateUntil: until,
    staleIfErrorUntil: until,
    mustRevalidate: false,
    forAuthorization: false,
    forCookie: true,
    etag: undefined,
    lastModified: undefined,
  });
}

/** Calls for `seconds` by `callers` side by side; ms of each. */
async function run(callers: number, call: (i: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const caller = async (seed: number): Promise<void> => {
    for (let i = seed; performance.now() < end; i += callers) {
      const start = performance.now();
      if (!(await call(i % KEYS))) throw new Error('a call found nothing');
      took.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, seed) => caller(seed)));
  return took;
}

const rows: string[][] = [['', 'calls/s', 'p50 ms', 'p99 ms', 'p99.9 ms']];
for (const [label, size] of [
  ['1 KiB', 1_024],
  ['64 KiB', 65_536],
  ['1 MiB', 1_048_576],
] as const) {
  const entries = Array.from({ length: KEYS }, (_, i) => entry(i, size));
  const varying = Array.from({ length: KEYS }, (_, i) => entry(i, size, 'de'));
  const bytes = Buffer.alloc(size, 'x');
  for (const one of [...entries, ...varying]) await level.write(one);
  for (let i = 0; i < KEYS; i++) await client.set(`bare:${i}`, bytes);
  const accepts = (): boolean => true;
  const candidates: [string, (i: number) => Promise<unknown>][] = [
    ['GET', (i) => client.getBuffer(`bare:${i}`)],
    ['level read', (i) => level.read((entries[i] as Entry).key, accepts)],
    ['level read, varying', (i) => level.read((varying[i] as Entry).key, accepts)],
    ['SET', (i) => client.set(`bare:${i}`, bytes)],
    ['level write', (i) => level.write(entries[i] as Entry)],
  ];
  for (const callers of [1, 8]) {
    for (const [name, call] of candidates) {
      const measured: number[][] = [];
      for (let round = 0; round < rounds; round++) measured.push(await run(callers, call));
      const of = (figure: (took: number[]) => number): number => median(measured.map(figure));
      rows.push([
        `${label}, ${callers} at once, ${name}`,
        of((took) => took.length / seconds).toFixed(0),
        ...[0.5, 0.99, 0.999].map((q) => of((took) => quantile(took, q)).toFixed(2)),
      ]);
    }
  }
}
console.log(machine());
console.log(table(rows));
connection.close();
await server.stop();
