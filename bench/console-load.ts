// Does a busy console disturb the gateway? The gateway's p99 with and without 60 page loads a second, in turns.
import { startChild, type Child } from './load/child.ts';
import { machine, settings } from './load/settings.ts';
import { median, quantile, table } from './load/statistics.ts';
import { startProduct } from './peers/product.ts';

const GATEWAY_RATE = 1_000;
const PAGE_RATE = 60;
const AIM = 0.1;

interface Outcome {
  readonly sent: number;
  readonly failed: number;
  readonly latencies: readonly number[];
}

const { seconds, rounds } = settings({ seconds: 5, rounds: 7 });
const origin = await startChild('bench/peers/origin.ts', []);
const [client, visitor] = [
  await startChild('bench/peers/steady-client.ts', []),
  await startChild('bench/peers/steady-client.ts', []),
];
const product = await startProduct(origin.url);
const hits = Array.from({ length: 1_000 }, (_, i) => `${product.gatewayUrl}/item/${i}`);

const send = async (from: Child, urls: readonly string[], perSecond: number, length: number): Promise<Outcome> => {
  const outcome = await from.ask<Outcome>({ urls, perSecond, seconds: length });
  if (outcome.failed > 0) throw new Error(`${outcome.failed} of ${outcome.sent} requests failed: ${urls[0]}`);
  return outcome;
};
const toGateway = (length: number): Promise<Outcome> => send(client, hits, GATEWAY_RATE, length);
const toConsole = (length: number): Promise<Outcome> => send(visitor, [`${product.consoleUrl}/`], PAGE_RATE, length);

try {
  console.log(
    `${machine()} ${GATEWAY_RATE} hits/s (open loop) beside 0 or ${PAGE_RATE} page loads/s; ${rounds} rounds of ${seconds} s.`,
  );
  await Promise.all([toGateway(3), toConsole(3)]);
  const quiet: Outcome[] = [];
  const busy: Outcome[] = [];
  const pages: Outcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const alone = async (): Promise<void> => void quiet.push(await toGateway(seconds));
    const beside = async (): Promise<void> => {
      const [hit, page] = await Promise.all([toGateway(seconds), toConsole(seconds)]);
      busy.push(hit);
      pages.push(page);
    };
    for (const turn of round % 2 === 0 ? [alone, beside] : [beside, alone]) await turn();
  }
  const row = (name: string, all: readonly Outcome[]): string[] => [
    name,
    ...[0.5, 0.99, 0.999].map((q) => median(all.map((one) => quantile(one.latencies, q))).toFixed(2)),
    all.map((one) => quantile(one.latencies, 0.99).toFixed(2)).join(' '),
  ];
  console.log(
    table([
      ['', 'p50 ms', 'p99 ms', 'p99.9 ms', 'p99, each round'],
      row('gateway alone', quiet),
      row('gateway beside page loads', busy),
      row('page loads', pages),
    ]),
  );
  const p99 = (all: readonly Outcome[]): number => median(all.map((one) => quantile(one.latencies, 0.99)));
  const moved = p99(busy) / p99(quiet) - 1;
  console.log(
    `p99 moved by ${(100 * moved).toFixed(0)} % (aim: less than ${100 * AIM} %): ${moved < AIM ? 'reached' : 'missed'}.`,
  );
} finally {
  await product.close();
  await Promise.all([client.close(), visitor.close(), origin.close()]);
}
