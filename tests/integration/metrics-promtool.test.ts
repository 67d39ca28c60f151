import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as collect } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { MISS_REASONS } from '../../lib/contracts/traffic.ts';
import { createExposition } from '../../lib/metrics/exposition.ts';
import { Histogram } from '../../lib/metrics/histogram.ts';
import { levelReading, routeReading, serviceReading, workerReading } from '../support/snapshot-readings.ts';

async function promtool(input: string): Promise<{ code: number; said: string }> {
  const child = spawn('promtool', ['check', 'metrics'], { stdio: 'pipe' });
  child.stdin.end(input);
  const [[code], out, error] = await Promise.all([once(child, 'exit'), collect(child.stdout), collect(child.stderr)]);
  return { code: Number(code), said: out + error };
}

function everything() {
  const latency = new Histogram();
  for (let ms = 0.01; ms < 100_000; ms *= 1.7) latency.record(ms);
  const routes = ['all', '/chats/{id}', 'odd "name" \\ here'].map((name) =>
    routeReading(name, {
      results: { l1: 5, origin: 2, error: 1 },
      originCalls: { fetch: 2 },
      reasons: Object.fromEntries(MISS_REASONS.map((reason, i) => [reason, i + 1])),
      statuses: [0, 7, 0, 0, 1],
      hitLatency: latency.sparse(),
      missLatency: latency.sparse(),
    }),
  );
  const levels = (['l1', 'l2', 'l3'] as const).map((level) => levelReading(level, { entries: 3, evictions: 1 }));
  return workerReading([serviceReading('chat', routes), serviceReading('shop', routes)], { levels });
}

describe('promtool check metrics', () => {
  it('is clean with process metrics and two workers', async () => {
    const snapshots = async () => [everything(), { ...everything(), worker: 1 }];
    const text = await createExposition({ snapshots, version: '0.1.0' }).text();
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).toContain('nodejs_heap_size_used_bytes');
    expect(await promtool(text)).toEqual({ code: 0, said: '' });
  });

  it('is clean before any worker answered', async () => {
    const text = await createExposition({ snapshots: async () => [] }).text();
    expect(await promtool(text)).toEqual({ code: 0, said: '' });
  });

  it('finds faults, so that silence means something', async () => {
    const { code, said } = await promtool('# TYPE broken_total gauge\nbroken_total 1\n');
    expect(code).not.toBe(0);
    expect(said).toContain('broken_total');
  });
});
