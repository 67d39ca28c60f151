// @vitest-environment jsdom
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, renderHook, waitFor } from '@testing-library/react';
import { Server, type Namespace } from 'socket.io';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInFlight } from '@/hooks/in-flight';
import { usePerformanceMetrics } from '@/hooks/use-performance-metrics';
import { InFlightContext } from '@/hooks/use-request-deduplication';
import { windowTime, type Time } from '@/hooks/view';
import { LIVE_NAMESPACE, overviewQuerySchema, type Overview, type Watch } from '@/lib/contracts/overview';
import { overviewOf, tickOf, type World } from '../../support/console-scenarios';

const NOW = 1_764_000_000_000;
const world: World = { scenario: 'busy', modes: new Map(), traffic: true };
const ROUTE = '/api/search';

let io: Server;
let live: Namespace;
let url: string;
let watched: Watch[];
let loads: string[];
let client: QueryClient;
const inFlight = createInFlight();

const Provider = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={client}>
    <InFlightContext value={inFlight}>{children}</InFlightContext>
  </QueryClientProvider>
);

beforeEach(async () => {
  watched = [];
  loads = [];
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const http = createServer();
  io = new Server(http);
  live = io.of(LIVE_NAMESPACE);
  live.on('connection', (socket) => socket.on('watch', (watch: Watch) => watched.push(watch)));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  vi.stubGlobal('fetch', (path: string) => {
    loads.push(path);
    const asked = overviewQuerySchema.parse(Object.fromEntries(new URL(path, url).searchParams));
    const span = asked.from === undefined ? asked.range : { from: asked.from, to: asked.to ?? 0 };
    return Promise.resolve(new Response(JSON.stringify(overviewOf(world, asked.service, span, NOW, asked.route))));
  });
});

afterEach(async () => {
  cleanup();
  client.clear();
  vi.unstubAllGlobals();
  await io.close();
});

const start = (time: Time) =>
  renderHook(
    ({ looked }: { looked: Time }) =>
      usePerformanceMetrics({ service: 'chat', route: ROUTE, time: looked }, false, { url }),
    {
      wrapper: Provider,
      initialProps: { looked: time },
    },
  );
type Result = ReturnType<typeof start>['result'];

function shown(result: Result): Overview {
  const { state } = result.current;
  if (state.status !== 'ready') throw new Error(`it is ${state.status}`);
  return state.overview;
}

const WINDOW = windowTime(NOW - 600_000, NOW - 300_000);

test('a fixed window stands still, and what holds now moves beside it', async () => {
  const { result } = start(WINDOW);
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
  await waitFor(() => expect(watched).toEqual([{ service: 'chat', route: ROUTE, range: '1m' }]));
  await waitFor(() => expect(loads).toHaveLength(2));
  const { samples, range, from, to } = shown(result);
  expect([range, from, to]).toEqual([null, NOW - 600_000, NOW - 300_000]);
  const before = result.current.state;
  const tick = tickOf({ ...world, scenario: 'failing' }, 'chat', '1m', NOW + 1_000, ROUTE);
  // Asked again until the overview beside it is there to be moved on.
  await waitFor(() => {
    live.emit('tick', tick);
    expect(shown(result).health.state).toBe('failing');
  });
  expect(shown(result).samples).toBe(samples);
  const after = result.current.state;
  expect(before.status === 'ready' && after.status === 'ready' && after.points === before.points).toBe(true);
});

test('zooming in and back to live never shows nothing', async () => {
  const { result, rerender } = start({ kind: 'live', range: '5m' });
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
  rerender({ looked: WINDOW });
  expect(result.current.state.status).toBe('ready');
  await waitFor(() => expect(shown(result).range).toBeNull());
  rerender({ looked: { kind: 'live', range: '5m' } });
  expect(result.current.state.status).toBe('ready');
  await waitFor(() => expect(shown(result).range).toBe('5m'));
  await waitFor(() => expect(watched.at(-1)).toEqual({ service: 'chat', route: ROUTE, range: '5m' }));
});
