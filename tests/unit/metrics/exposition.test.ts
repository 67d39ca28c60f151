import { describe, expect, it } from 'vitest';
import type { GatewaySnapshot } from '../../../lib/contracts/control.ts';
import { createExposition } from '../../../lib/metrics/exposition.ts';
import { Histogram } from '../../../lib/metrics/histogram.ts';
import { levelReading, routeReading, serviceReading, workerReading } from '../../support/snapshot-readings.ts';

const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0,text/plain;q=0.5';

function histogram(...ms: number[]): number[] {
  const counted = new Histogram();
  for (const value of ms) counted.record(value);
  return counted.sparse();
}

function worker(l2: number, given: Partial<GatewaySnapshot> = {}): GatewaySnapshot {
  const route = routeReading('chats', {
    results: { l2, origin: 3 },
    originCalls: { fetch: 2, retry: 1 },
    reasons: { cold: 3 },
    statuses: [0, l2 + 2, 0, 0, 1],
    originErrors: 1,
    bytesSent: 1_000,
    bytesSaved: 500,
    hitLatency: histogram(0.2, 0.3, 3),
    missLatency: histogram(40, 90_000),
  });
  return workerReading([serviceReading('chat', [route])], {
    levels: [levelReading('l2', { entries: 4, bytes: 100, budgetBytes: 1_000, evictions: 5 })],
    connections: 2,
    inFlight: 1,
    ...given,
  });
}

/** The value of one line of the text. */
function value(text: string, series: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  if (line === undefined) throw new Error(`${series} isn't in\n${text}`);
  return Number(line.slice(series.length + 1));
}

/** An exposition over readings that the test replaces. */
function scraped(first: readonly GatewaySnapshot[]) {
  const readings = { now: first };
  const exposition = createExposition({ snapshots: async () => readings.now, process: false, version: '1.2.3' });
  return { readings, exposition };
}

const REQUESTS = 'pitwall_requests_total{service="chat",route="chats",result="l2"}';

describe('createExposition', () => {
  it('shows every counter of a route', async () => {
    const text = await scraped([worker(7)]).exposition.text();
    const route = 'service="chat",route="chats"';
    expect(value(text, REQUESTS)).toBe(7);
    expect(value(text, `pitwall_requests_total{${route},result="l1"}`)).toBe(0);
    expect(value(text, `pitwall_origin_calls_total{${route},call="retry"}`)).toBe(1);
    expect(value(text, `pitwall_misses_total{${route},reason="cold"}`)).toBe(3);
    expect(text).not.toContain('reason="vary"');
    expect(value(text, `pitwall_responses_total{${route},class="2xx"}`)).toBe(9);
    expect(value(text, `pitwall_errors_total{${route},source="origin"}`)).toBe(1);
    expect(value(text, `pitwall_errors_total{${route},source="gateway"}`)).toBe(0);
    expect(value(text, `pitwall_aborted_total{${route}}`)).toBe(0);
    expect(value(text, `pitwall_sent_bytes_total{${route}}`)).toBe(1_000);
    expect(value(text, `pitwall_saved_bytes_total{${route}}`)).toBe(500);
    expect(value(text, `pitwall_build_info{version="1.2.3",node="${process.version}"}`)).toBe(1);
  });

  it('maps latencies to cumulative buckets in seconds', async () => {
    const text = await scraped([worker(7)]).exposition.text();
    const hit = 'service="chat",route="chats",kind="hit"';
    const miss = 'service="chat",route="chats",kind="miss"';
    const bucket = (labels: string, le: string): number =>
      value(text, `pitwall_request_duration_seconds_bucket{${labels},le="${le}"}`);
    expect(bucket(hit, '0.0001')).toBe(0);
    expect(bucket(hit, '0.00025')).toBe(1);
    expect(bucket(hit, '0.0005')).toBe(2);
    expect(bucket(hit, '0.0025')).toBe(2);
    expect(bucket(hit, '0.005')).toBe(3);
    expect(bucket(hit, '+Inf')).toBe(3);
    expect(bucket(miss, '60')).toBe(1);
    expect(bucket(miss, '+Inf')).toBe(2);
    expect(value(text, `pitwall_request_duration_seconds_count{${miss}}`)).toBe(2);
    const sum = value(text, `pitwall_request_duration_seconds_sum{${miss}}`);
    expect(Math.abs(sum / 90.04 - 1)).toBeLessThan(0.008);
  });

  it('sums workers, and takes the worst event loop', async () => {
    const clears = { number: 9, state: 'confirmed', age: 0, folded: 3 } as const;
    const second = worker(10, { worker: 1, eventLoop: { p50: 2, p99: 50, max: 90 }, clears });
    const text = await scraped([worker(7, { clears }), second]).exposition.text();
    expect(value(text, REQUESTS)).toBe(17);
    expect(value(text, 'pitwall_level_entries{level="l2"}')).toBe(8);
    expect(value(text, 'pitwall_level_bytes{level="l2"}')).toBe(200);
    expect(value(text, 'pitwall_level_budget_bytes{level="l2"}')).toBe(2_000);
    expect(value(text, 'pitwall_level_evictions_total{level="l2"}')).toBe(10);
    expect(value(text, 'pitwall_clears_folded_total')).toBe(6);
    expect(value(text, 'pitwall_gateway_connections')).toBe(4);
    expect(value(text, 'pitwall_gateway_in_flight')).toBe(2);
    expect(value(text, 'pitwall_event_loop_delay_seconds{quantile="0.99"}')).toBe(0.05);
  });

  it('never lets a counter fall: restarts, shrinking counters and silent workers', async () => {
    const { readings, exposition } = scraped([worker(7), worker(10, { worker: 1 })]);
    const requests = async (): Promise<number> => value(await exposition.text(), REQUESTS);
    expect(await requests()).toBe(17);
    readings.now = [worker(2, { startedAt: 5 }), worker(11, { worker: 1 })];
    expect(await requests()).toBe(20);
    readings.now = [worker(9, { startedAt: 5 })];
    expect(await requests()).toBe(27);
    readings.now = [worker(1, { startedAt: 5 })];
    expect(await requests()).toBe(28);
    readings.now = [];
    expect(await requests()).toBe(28);
    expect(await exposition.text()).not.toContain('pitwall_gateway_connections');
  });

  it('takes a reading that was overtaken by a newer one for what it is, not for a restart', async () => {
    const { readings, exposition } = scraped([worker(7, { at: 2_000 })]);
    const requests = async (): Promise<number> => value(await exposition.text(), REQUESTS);
    expect(await requests()).toBe(7);
    readings.now = [worker(6, { at: 1_000 })];
    expect(await requests()).toBe(7);
    readings.now = [worker(8, { at: -60_000 })];
    expect(await requests()).toBe(8);
  });

  it('counts the clears that origins ask for by service, and none of workers that don’t tell', async () => {
    const second = worker(7, { worker: 1, groupClears: { chat: 2, shop: 0 } });
    const text = await scraped([
      worker(7, { groupClears: { chat: 3 } }),
      second,
      worker(7, { worker: 2 }),
    ]).exposition.text();
    expect(value(text, 'pitwall_group_clears_total{service="chat"}')).toBe(5);
    expect(value(text, 'pitwall_group_clears_total{service="shop"}')).toBe(0);
  });

  it('counts what was refused before a route was known', async () => {
    const { readings, exposition } = scraped([worker(7, { refused: { invalid_host: 3 } })]);
    const refused = async (): Promise<number> =>
      value(await exposition.text(), 'pitwall_refused_total{code="invalid_host"}');
    expect(await refused()).toBe(3);
    readings.now = [worker(7, { startedAt: 1, refused: { invalid_host: 1 } })];
    expect(await refused()).toBe(4);
  });

  it('shows only what the workers still serve', async () => {
    const { readings, exposition } = scraped([worker(7)]);
    expect(await exposition.text()).toContain('route="chats"');
    readings.now = [workerReading([serviceReading('chat', [routeReading('other')])])];
    const text = await exposition.text();
    expect(text).not.toContain('route="chats"');
    expect(text).toContain('route="other"');
  });

  it('shows each state of a breaker as 0 or 1', async () => {
    const open = serviceReading('chat', [], {
      targets: [{ url: 'http://chat.test', breaker: 'open', since: 1, triedAt: undefined, lastFailure: 'reset' }],
    });
    const text = await scraped([
      workerReading([serviceReading('chat', [])]),
      workerReading([open], { worker: 1 }),
    ]).exposition.text();
    const state = (name: string): number =>
      value(text, `pitwall_breaker_state{service="chat",target="http://chat.test",state="${name}"}`);
    expect([state('closed'), state('open'), state('half-open'), state('held-open')]).toEqual([1, 1, 0, 0]);
  });

  it('escapes labels', async () => {
    const odd = workerReading([serviceReading('chat', [routeReading('/a"b\\c\nd', { results: { l1: 1 } })])]);
    const text = await scraped([odd]).exposition.text();
    expect(value(text, String.raw`pitwall_requests_total{service="chat",route="/a\"b\\c\nd",result="l1"}`)).toBe(1);
  });

  it('speaks OpenMetrics where that is asked for, and neither format spoils the other', async () => {
    const { exposition } = scraped([worker(7)]);
    const [plain, open, again] = await Promise.all([
      exposition.text(),
      exposition.text(OPEN_METRICS),
      exposition.text('text/plain'),
    ]);
    expect(exposition.contentType(OPEN_METRICS)).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open).toContain('# TYPE pitwall_requests counter\n');
    expect(value(open, REQUESTS)).toBe(7);
    expect(open.endsWith('# EOF\n')).toBe(true);
    expect(exposition.contentType()).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(plain).toContain('# TYPE pitwall_requests_total counter\n');
    expect(again).toEqual(plain);
  });

  it.each([
    ['', false],
    ['*/*', false],
    ['text/html, */*', false],
    ['application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.6', false],
    ['application/openmetrics-text;q=0', false],
    ['application/openmetrics-text; version=1.0.0; q=0.75, text/plain;q=0.5, */*;q=0.1', true],
    ['application/OpenMetrics-Text', true],
  ])('Accept "%s" means OpenMetrics: %s', async (accept, expected) => {
    const text = await scraped([worker(1)]).exposition.text(accept);
    expect(text.endsWith('# EOF\n')).toBe(expected);
  });

  it('rejects when the readings can not be had', async () => {
    const exposition = createExposition({ snapshots: () => Promise.reject(new Error('gone')), process: false });
    await expect(exposition.text()).rejects.toThrow('gone');
  });
});

describe('L3, which the workers share', () => {
  it('drops entries of each worker by itself', async () => {
    const workers = [3, 4].map((dropped, at) =>
      worker(1, { worker: at, levels: [levelReading('l2'), levelReading('l3', { dropped, unreadable: at })] }),
    );
    const text = await scraped(workers).exposition.text();
    expect(value(text, 'pitwall_level_dropped_total{level="l3"}')).toBe(7);
    expect(value(text, 'pitwall_level_dropped_total{level="l2"}')).toBe(0);
    expect(value(text, 'pitwall_level_unreadable_total{level="l3"}')).toBe(1);
    expect(text).not.toContain('pitwall_level_unreadable_total{level="l2"}');
  });

  it('is counted once, by its newest reading, and its evictions never fall', async () => {
    let readings: number[] = [];
    const exposition = createExposition({
      process: false,
      snapshots: () =>
        Promise.resolve(
          readings.map((evictions, at) =>
            worker(1, { worker: at, levels: [levelReading('l3', { entries: 7 + at, bytes: 100, evictions })] }),
          ),
        ),
    });
    const evicted: number[] = [];
    for (readings of [[4, 5], [], [4], [2, 2], [9, 8]]) {
      const text = await exposition.text();
      evicted.push(value(text, 'pitwall_level_evictions_total{level="l3"}'));
      if (readings.length === 2) expect(value(text, 'pitwall_level_entries{level="l3"}')).toBe(8);
      if (readings.length === 2) expect(value(text, 'pitwall_level_bytes{level="l3"}')).toBe(100);
    }
    expect(evicted).toEqual([5, 5, 5, 7, 14]);
  });
});
