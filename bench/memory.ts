// Anonymous resident memory under load: of the whole product (console, gateway, 64 MiB cache), and of a gateway alone
// in a fleet.
import { readFile } from 'node:fs/promises';
import { startChild } from './load/child.ts';
import { fill } from './load/fill.ts';
import { hasProgram, needProgram } from './load/programs.ts';
import { machine, settings } from './load/settings.ts';
import { table } from './load/statistics.ts';
import { KEYS, wrk } from './load/wrk.ts';
import { startProduct } from './peers/product.ts';
import { startRedis } from '../tests/support/redis.ts';

const AIM_MIB = 300;
const ALONE_AIM_MIB = 200;
/** Enough 1 KiB answers to fill a 64 MiB budget several times over. */
const MANY_KEYS = 200_000;
const EVERY_MS = 250;

/** Anonymous and whole resident memory of a process in MiB (Linux). */
async function residentMiB(pid: number): Promise<{ anonymous: number; rss: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1_024;
  return { anonymous: field('Anonymous'), rss: field('Rss') };
}

needProgram('wrk');
if (process.platform !== 'linux') {
  console.error('This bench reads /proc: Linux only.');
  process.exit(1);
}
const { seconds } = settings({ seconds: 20, rounds: 1 });
const origin = await startChild('bench/peers/origin.ts', []);
let product = await startProduct(origin.url);
const rows = [['', 'req/s', 'anonymous, highest MiB', 'anonymous, at the end MiB', 'RSS, at the end MiB']];

async function measure(name: string, work: () => Promise<{ perSecond: number } | undefined>): Promise<number> {
  let highest = 0;
  let reading = Promise.resolve();
  const timer = setInterval(() => {
    reading = residentMiB(product.pid).then(({ anonymous }) => {
      highest = Math.max(highest, anonymous);
    });
  }, EVERY_MS);
  const load = await work();
  clearInterval(timer);
  await reading;
  const { anonymous, rss } = await residentMiB(product.pid);
  highest = Math.max(highest, anonymous);
  const rate = load === undefined ? '-' : Math.round(load.perSecond).toLocaleString('en');
  rows.push([name, rate, highest.toFixed(0), anonymous.toFixed(0), rss.toFixed(0)]);
  return highest;
}

function tell(what: string, aim: number, most: number): void {
  console.log(`Aim: ${what} under ${aim} MiB anonymous: ${most < aim ? 'reached' : 'missed'} (${most.toFixed(0)}).`);
}

try {
  console.log(`${machine()} node server.ts with console and one gateway worker; ${seconds} s each.`);
  await measure('at rest', async () => undefined);
  await fill(product.gatewayUrl, KEYS);
  const highest = [
    await measure(`hits, ${KEYS.toLocaleString('en')} keys`, () => wrk(product.gatewayUrl, 'round-robin', seconds)),
    await measure(`cache full, ${MANY_KEYS.toLocaleString('en')} keys`, () =>
      wrk(product.gatewayUrl, 'zipf', seconds, MANY_KEYS),
    ),
  ];
  console.log(table(rows));
  tell('The product', AIM_MIB, Math.max(...highest));

  if (hasProgram('redis-server')) {
    await product.close();
    const redis = await startRedis();
    rows.length = 1;
    try {
      product = await startProduct(origin.url, { PITWALL_ROLES: 'gateway', REDIS_URL: redis.url });
      await measure('at rest', async () => undefined);
      await fill(product.gatewayUrl, KEYS);
      const alone = await measure(`role gateway, hits, ${KEYS.toLocaleString('en')} keys`, () =>
        wrk(product.gatewayUrl, 'round-robin', seconds),
      );
      console.log(`\n${table(rows)}`);
      tell('Role gateway alone', ALONE_AIM_MIB, alone);
    } finally {
      await redis.stop();
    }
  } else console.log("redis-server isn't installed here: role gateway alone is left out.");
} finally {
  await product.close();
  await origin.close();
}
