import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewaySnapshot } from '../../../lib/contracts/control.ts';
import { total } from '../../../lib/kernel/sparse-histogram.ts';
import { requestsIn } from '../../../lib/live/field.ts';
import { createGrowthMeter } from '../../../lib/live/growth.ts';
import { Histogram } from '../../../lib/metrics/histogram.ts';
import { levelReading, routeReading, serviceReading, workerReading } from '../../support/snapshot-readings.ts';

const OPENED = 1_000_000;

/** A worker that counts, and can start again from nothing. */
function createWorker(worker: number) {
  let life = 0;
  let [l1, evictions] = [0, 0];
  let latency = new Histogram();
  return {
    answer(requests: number): void {
      l1 += requests;
      evictions += requests;
      for (let i = 0; i < requests; i++) latency.record(1 + (i % 7));
    },
    restart(): void {
      life++;
      [l1, evictions] = [0, 0];
      latency = new Histogram();
    },
    read: (): GatewaySnapshot =>
      workerReading([serviceReading('chat', [routeReading('r', { results: { l1 }, hitLatency: latency.sparse() })])], {
        worker,
        startedAt: OPENED + life,
        levels: [levelReading('l2', { evictions })],
      }),
  };
}

describe('growth', () => {
  it('adds up to all that was answered, whichever workers restart or stay silent meanwhile', () => {
    const step = fc.record({
      answered: fc.tuple(fc.nat(50), fc.nat(50)),
      restarts: fc.tuple(fc.boolean(), fc.boolean()),
      silent: fc.tuple(fc.boolean(), fc.boolean()),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const workers = [createWorker(0), createWorker(1)];
        const meter = createGrowthMeter(OPENED);
        const sum = { requests: 0, hits: 0, evictions: 0 };
        let answered = 0;
        const look = (of: typeof workers): void => {
          const { routes, evictions } = meter.measure(of.map((worker) => worker.read()));
          for (const { fields, hit } of routes) {
            sum.requests += requestsIn(fields);
            sum.hits += total(hit);
          }
          sum.evictions += evictions.get('l2') ?? 0;
        };
        for (const { answered: more, restarts, silent } of steps) {
          workers.forEach((worker, i) => {
            worker.answer(more[i]!);
            answered += more[i]!;
          });
          look(workers.filter((_, i) => !silent[i] || restarts[i]));
          // what a worker counts after its last reading dies with it, so it's read first
          workers.forEach((worker, i) => restarts[i] && worker.restart());
        }
        look(workers);
        expect(sum).toEqual({ requests: answered, hits: answered, evictions: answered });
      }),
    );
  });

  it('takes a worker that ran long before for a mark to count from', () => {
    const meter = createGrowthMeter(OPENED);
    const reading = (l1: number): GatewaySnapshot =>
      workerReading([serviceReading('chat', [routeReading('r', { results: { l1 } })])], { startedAt: OPENED - 6_000 });
    expect(meter.measure([reading(1_000)]).routes).toEqual([]);
    expect(meter.measure([reading(1_003)]).routes.map(({ fields }) => requestsIn(fields))).toEqual([3]);
  });
});
