import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEntry } from '../../../lib/cache/entry.ts';
import { createMemoryLevel } from '../../../lib/cache/stores/memory-level.ts';
import { requestKey } from '../../../lib/dedup/request-key.ts';
import { parseTarget } from '../../../lib/dedup/request-target.ts';
import { isFresh } from '../../../lib/http-cache/freshness.ts';
import { judge } from '../../../lib/http-cache/storable.ts';
import type { AccessLine } from '../../../lib/benchmark/access-log.ts';
import { simulate, type Simulation } from '../../../lib/benchmark/simulate.ts';
import { describeSimulation, simulationReport } from '../../../lib/benchmark/simulation-report.ts';
import { batchesOf, line } from './lines.ts';

const PARTS = { createMemoryLevel, makeEntry, judge, isFresh, requestKey, parseTarget };
const MIB = 1_048_576;

function run(lines: readonly AccessLine[], ttlMs = 60_000, budgets = [MIB]): Promise<Simulation> {
  const settings = { ttlMs, budgets, hotShare: 0, residencyMs: 100, maxEntry: MIB, maxUrlLength: 8_192 };
  return simulate(batchesOf(lines), settings, PARTS);
}
async function one(lines: readonly AccessLine[], ttlMs?: number) {
  const { caches } = await run(lines, ttlMs);
  const { l1, l2, origin, revalidated } = caches[0] as Simulation['caches'][number];
  return { l1, l2, origin, revalidated };
}

describe('simulation', () => {
  it('answers from L2 until the TTL is over, then revalidates', async () => {
    const lines = [0, 1_000, 59_999, 60_000, 61_000].map((at) => line(at));
    expect(await one(lines)).toEqual({ l1: 0, l2: 3, origin: 2, revalidated: 1 });
  });

  it('answers from L1 within its residency, counted from the last look at L2', async () => {
    const lines = [0, 10, 50, 109, 110, 150].map((at) => line(at));
    // 0: origin; 10: L2; 50 and 109: L1; 110: L2 again; 150: L1.
    expect(await one(lines)).toEqual({ l1: 3, l2: 2, origin: 1, revalidated: 0 });
  });

  it('answers ranges from the start from parts that are as long, and nothing else', async () => {
    const part = (at: number, bytes: number): AccessLine => line(at, '/', { status: 206, bytes });
    const whole = (at: number): AccessLine => line(at, '/', { bytes: 1_000 });
    const cleared = line(200, '/', { method: 'POST' });
    // 300: origin; 500: L2; 700 and 900 are more than there is: origin; 1100: L2, of the whole.
    const lines = [whole(0), cleared, part(300, 100), part(500, 100), part(700, 101), whole(900), part(1_100, 500)];
    expect(await one(lines)).toMatchObject({ l1: 0, l2: 2, origin: 5 });
    // A part doesn't take the place of the whole that has expired.
    expect(await one([whole(0), part(60_000, 100), part(60_200, 100)])).toMatchObject({ l2: 0 });
  });

  it('stores only what the real judgement lets it', async () => {
    const twice = (more: Partial<AccessLine>): AccessLine[] => [line(0, '/', more), line(500, '/', more)];
    expect((await one(twice({ status: 404 }))).l2).toBe(1);
    expect((await one(twice({ status: 301 }))).l2).toBe(1);
    expect((await one(twice({ status: 302 }))).l2).toBe(0);
    expect((await one(twice({ status: 500 }))).l2).toBe(0);
    expect((await one(twice({ method: 'POST' }))).l2).toBe(0);
    expect((await one(twice({ bytes: MIB + 1 }))).l2).toBe(0);
    expect((await one(twice({}), 0)).l2).toBe(0);
  });

  it('answers HEAD and ranges from a stored GET, never from L1', async () => {
    const lines = [
      line(0),
      line(500, '/', { method: 'HEAD', bytes: 0 }),
      line(510, '/', { status: 206, bytes: 10 }),
      line(520),
    ];
    expect(await one(lines)).toEqual({ l1: 1, l2: 2, origin: 1, revalidated: 0 });
  });

  it('forgets what an unsafe method has changed', async () => {
    const lines = [
      line(0),
      line(1_000, '/', { method: 'POST', status: 303 }),
      line(2_000),
      line(3_000, '/', { method: 'PUT', status: 500 }),
      line(4_000),
    ];
    expect(await one(lines)).toEqual({ l1: 0, l2: 1, origin: 4, revalidated: 0 });
  });

  it('takes different spellings of a URL as one, as the gateway does, and counts what it refuses', async () => {
    const result = await run([
      line(0, '/%7Ebob/./x'),
      line(1_000, '/~bob/x'),
      line(2_000, '/%zz'),
      line(3_000, '/../etc'),
    ]);
    expect(result).toMatchObject({ requests: 4, refused: 2, caches: [{ l2: 1, origin: 1 }] });
  });

  it('never turns its clock back', async () => {
    const result = await run([line(100_000), line(90_000), line(100_500), line(20_000, '/b')]);
    expect(result).toMatchObject({ late: 2, firstAt: 100_000, lastAt: 100_500 });
    expect(result.caches[0]).toMatchObject({ l1: 0, l2: 2, origin: 2 });
  });

  it('counts the bytes that are stored, not those of the line that is answered with them', async () => {
    const lines = [
      line(0, '/', { bytes: 700 }),
      line(500, '/', { bytes: 900 }),
      line(1_000, '/', { status: 206, bytes: 50 }),
      line(1_500, '/', { status: 206, bytes: 800 }),
      line(2_000, '/', { method: 'HEAD', bytes: 0 }),
    ];
    const { caches } = await run(lines);
    expect(caches[0]).toMatchObject({ bytesServed: 700 + 700 + 50 + 700, bytesSaved: 700 + 50 + 700 });
  });

  it('gives L2 what L1 leaves of the memory', async () => {
    const settings = {
      ttlMs: 60_000,
      budgets: [1_001],
      hotShare: 0.4,
      residencyMs: 100,
      maxEntry: MIB,
      maxUrlLength: 8_192,
    };
    const { caches } = await simulate(batchesOf([line(0)]), settings, PARTS);
    expect(caches[0]).toMatchObject({ memoryBytes: 1_001, budgetBytes: 601 });
  });

  it('says nothing of an empty log', async () => {
    const result = await run([]);
    expect(result).toMatchObject({ requests: 0, firstAt: undefined, lastAt: undefined });
    expect(describeSimulation(simulationReport(facts, result))).toContain('no request in it');
  });

  it('adds up for any log, within every budget, and more memory never loses bytes it could hold', async () => {
    const request = fc.record({
      at: fc.integer({ min: 0, max: 300_000 }),
      path: fc.constantFrom('/a', '/b', '/c', '/d', '/%zz'),
      method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST'),
      status: fc.constantFrom(200, 200, 206, 304, 404, 500),
      bytes: fc.integer({ min: 0, max: 5_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 60 }), async (requests) => {
        const lines = requests.map(({ at, path, ...more }) => line(at, path, more));
        const result = await run(lines, 60_000, [100, 2_000, 8_000, MIB]);
        for (const cache of result.caches) {
          expect(cache.l1 + cache.l2 + cache.origin + result.refused).toBe(result.requests);
          expect(cache.bytes).toBeLessThanOrEqual(cache.budgetBytes);
          expect(cache.bytesSaved).toBeLessThanOrEqual(cache.bytesServed);
          expect(cache.revalidated).toBeLessThanOrEqual(cache.origin);
        }
        expect(result.caches[0]?.l2).toBe(0);
        expect(simulationReport(facts, result).faults).toEqual([]);
      }),
    );
  });
});

const facts = {
  file: 'x.log',
  seconds: 1.5,
  ttlSeconds: 60,
  interrupted: false,
  reordered: 0,
  skipped: { count: 0, reasons: {}, first: [] },
};

describe('simulation report', () => {
  it('shows a row for each budget, and what was odd about the log', async () => {
    const lines = [line(0), line(50), line(5_000), line(6_000, '/%zz'), line(1_000)];
    const result = await run(lines, 60_000, [100, MIB]);
    const text = describeSimulation(simulationReport({ ...facts, interrupted: true, reordered: 3 }, result));
    expect(text).toContain('Simulated 5 requests of x.log in 1.5 s, then interrupted');
    expect(text).toMatch(/^100 B +0\.0 % /m);
    expect(text).toMatch(/^1\.0 MiB +60\.0 % +0\.0 % +60\.0 % +1 /m);
    expect(text).toContain('Refused           1 with a URL');
    expect(text).toContain('3 lines, put in order; 1 came too late for that');
    expect(text).not.toContain("DOESN'T ADD UP");
  });

  it('says so when figures disagree', async () => {
    const result = await run([line(0), line(5_000)]);
    const cache = result.caches[0] as Simulation['caches'][number];
    const wrong = { ...result, caches: [{ ...cache, l2: 7, bytes: MIB + 1 }] };
    const report = simulationReport(facts, wrong);
    expect(report.faults).toHaveLength(2);
    expect(describeSimulation(report)).toContain("DOESN'T ADD UP    1.0 MiB: 8 answers to 2 requests");
  });
});
