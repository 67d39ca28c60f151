import type { RequestLine } from '../../lib/contracts/tail.ts';

/** Lines every 100 ms, by scenario; none in those that have no traffic. */
const PER_BATCH: Readonly<Record<string, number>> = { flood: 200, failing: 5, busy: 5, fleet: 5, sample: 5 };

const KINDS: readonly (readonly [result: string, reason: string | null, status: number, ms: number])[] = [
  ['l2', null, 200, 0.21],
  ['l1', null, 200, 0.08],
  ['l2', null, 200, 0.34],
  ['coalesced', null, 200, 212],
  ['origin', 'cold', 200, 412],
  ['l2', null, 304, 0.19],
  ['stale', null, 200, 0.4],
  ['origin', 'set-cookie', 200, 88.4],
  ['l1', null, 200, 0.07],
  ['origin', 'expired', 404, 61.2],
  ['error', null, 503, 30_001],
];
const ROUTES: readonly (readonly [service: string, route: string, path: (n: number) => string])[] = [
  ['chat', '/api/chats/:id/history', (n) => `/api/chats/${n % 97}/history`],
  ['chat', '/api/search', (n) => `/api/search?q=${'a rather long question '.repeat(n % 4)}${n}`],
  ['search', '/static/*', (n) => `/static/chunk-${n % 31}.js`],
  ['chat', '/api/me', () => '/api/me'],
];

/** The requests of 100 ms in a scenario, the newest at `now`; the `first` of them has this number. */
export function requestsOf(scenario: string, first: number, now: number): RequestLine[] {
  const count = PER_BATCH[scenario] ?? 0;
  return Array.from({ length: count }, (_, i): RequestLine => {
    const n = first + i;
    const [result, reason, status, ms] = KINDS[n % KINDS.length]!;
    const [service, route, path] = ROUTES[n % ROUTES.length]!;
    return {
      at: now - 100 + ((i + 1) * 100) / count,
      id: `01JCX4T2M8${String(n).padStart(8, '0')}`,
      client: `10.0.3.${n % 23}`,
      service,
      route,
      method: n % 13 === 0 ? 'POST' : 'GET',
      host: 'shop.example',
      path: path(n),
      status,
      result,
      reason,
      bytes: 412 + ((n * 733) % 40_000),
      ms: ms * (1 + (n % 7) / 10),
      aborted: n % 101 === 0,
    };
  });
}
