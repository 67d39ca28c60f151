// @vitest-environment jsdom
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { Server, type Namespace } from 'socket.io';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInFlight } from '@/hooks/in-flight';
import { usePerformanceMetrics } from '@/hooks/use-performance-metrics';
import { InFlightContext } from '@/hooks/use-request-deduplication';
import { LIVE_NAMESPACE, type Range, type Watch } from '@/lib/contracts/overview';
import { overviewOf, tickOf, type World } from '../../support/console-scenarios';

const NOW = 1_764_000_000_000;
const world: World = { scenario: 'busy', modes: new Map(), traffic: true };
const overview = (range: Range) => overviewOf(world, 'all', range, NOW);
const tick = (seconds: number, range: Range = '1m') => tickOf(world, 'all', range, NOW + seconds * 1_000);

let http: HttpServer;
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
  http = createServer();
  io = new Server(http);
  live = io.of(LIVE_NAMESPACE);
  live.on('connection', (socket) => socket.on('watch', (watch: Watch) => watched.push(watch)));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  vi.stubGlobal('fetch', async (path: string) => {
    loads.push(path);
    const range = new URL(path, url).searchParams.get('range') as Range;
    return new Response(JSON.stringify(overview(range)), { status: 200 });
  });
});

afterEach(async () => {
  cleanup();
  client.clear();
  vi.unstubAllGlobals();
  await io.close();
});

interface Props {
  range: Range;
  hold: boolean;
  silenceMs?: number;
  giveUpMs?: number;
}

const start = (props: Props) =>
  renderHook(
    ({ range, hold, ...options }: Props) =>
      usePerformanceMetrics({ service: 'all', route: null, time: { kind: 'live', range } }, hold, { url, ...options }),
    { wrapper: Provider, initialProps: props },
  );

type Result = ReturnType<typeof start>['result'];
function shownAt(result: Result): number | undefined {
  const { state } = result.current;
  return state.status === 'ready' || state.status === 'empty' ? state.overview.sample.at : undefined;
}

test('loads once, goes live, and moves with every tick', async () => {
  const { result } = start({ range: '1m', hold: false });
  expect(result.current.state.status).toBe('loading');
  expect(result.current.live.status).toBe('connecting');
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
  await waitFor(() => expect(watched).toEqual([{ service: 'all', range: '1m' }]));
  expect(loads).toEqual(['/api/performance/overview?service=all&range=1m']);
  live.emit('tick', tick(1));
  await waitFor(() => expect(shownAt(result)).toBe(tick(1).sample.at));
  expect(result.current.live).toEqual({ status: 'live' });
});

test('a full overview replaces what is held, and what breaks the contract is ignored', async () => {
  const { result } = start({ range: '1m', hold: false });
  await waitFor(() => expect(watched).toHaveLength(1));
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
  live.emit('tick', { nonsense: true });
  live.emit('overview', { nonsense: true });
  live.emit('overview', overviewOf(world, 'all', '1m', NOW + 9_000));
  await waitFor(() => expect(shownAt(result)).toBe(NOW + 9_000));
});

test('seconds that ticks skipped are fetched', async () => {
  const { result } = start({ range: '1m', hold: false });
  await waitFor(() => expect(watched).toHaveLength(1));
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
  live.emit('tick', tick(5));
  await waitFor(() => expect(loads).toHaveLength(2));
});

test('holding keeps what is shown while the data moves on; letting go jumps to now', async () => {
  const { result, rerender } = start({ range: '1m', hold: false });
  await waitFor(() => expect(watched).toHaveLength(1));
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
  rerender({ range: '1m', hold: true });
  const before = shownAt(result);
  live.emit('tick', tick(1));
  live.emit('tick', tick(2));
  await waitFor(() => {
    const held = client.getQueryData<{ sample: { at: number } }>(['overview', 'all', null, '1m']);
    expect(held?.sample.at).toBe(tick(2).sample.at);
  });
  expect(shownAt(result)).toBe(before);
  rerender({ range: '1m', hold: false });
  await waitFor(() => expect(shownAt(result)).toBe(tick(2).sample.at));
});

test('a page that is opened paused shows its moment', async () => {
  const { result } = start({ range: '1m', hold: true });
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
});

test('another range is watched and shown, even while holding', async () => {
  const { result, rerender } = start({ range: '1m', hold: true });
  await waitFor(() => expect(watched).toHaveLength(1));
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
  rerender({ range: '5m', hold: true });
  await waitFor(() => expect(result.current.state).toMatchObject({ overview: { range: '5m' } }));
  await waitFor(() => expect(watched.at(-1)).toEqual({ service: 'all', range: '5m' }));
});

test('a dropped socket says so, comes back by itself, and watches again', async () => {
  const { result } = start({ range: '1m', hold: false });
  await waitFor(() => expect(watched).toHaveLength(1));
  for (const socket of live.sockets.values()) socket.conn.close();
  await waitFor(() => expect(result.current.live.status).toBe('reconnecting'));
  await waitFor(() => expect(result.current.live.status).toBe('live'), { timeout: 10_000 });
  await waitFor(() => expect(watched).toHaveLength(2));
});

test('a client that the server asked to leave comes back too', async () => {
  const { result } = start({ range: '1m', hold: false });
  await waitFor(() => expect(watched).toHaveLength(1));
  live.disconnectSockets(true);
  await waitFor(() => expect(result.current.live.status).toBe('reconnecting'));
  await waitFor(() => expect(watched).toHaveLength(2), { timeout: 10_000 });
});

test('a connection that stays away is lost, with the reason', async () => {
  live.use((_socket, go) => go(new Error('refused')));
  const { result } = start({ range: '1m', hold: false, giveUpMs: 20 });
  await waitFor(() => expect(result.current.live.status).toBe('lost'), { timeout: 5_000 });
  expect(result.current.live).toHaveProperty('why', 'Pitwall’s live channel can’t be reached.');
});

test('a connection that falls silent is opened anew', async () => {
  start({ range: '1m', hold: false, silenceMs: 100 });
  await waitFor(() => expect(watched.length).toBeGreaterThanOrEqual(2), { timeout: 10_000 });
});

test('a failed load can be tried again', async () => {
  let broken = true;
  const works = globalThis.fetch;
  vi.stubGlobal('fetch', (path: string) => (broken ? Promise.reject(new TypeError('no')) : works(path)));
  const { result } = start({ range: '1m', hold: false });
  await waitFor(() => expect(result.current.state).toMatchObject({ status: 'failed', retrying: false }));
  broken = false;
  act(() => result.current.refresh());
  await waitFor(() => expect(result.current.state.status).toBe('ready'));
});
