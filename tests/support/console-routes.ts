import type { Keys, KeysQuery } from '../../lib/contracts/keys.ts';
import { DEFAULT_POLICY } from '../../lib/contracts/policy.ts';
import type { RunningConfig } from '../../lib/contracts/running.ts';
import { routesOf } from './console-scenarios.ts';

/** The keys that the double's routes are asked for, or miss, most. */
export function keysFor({ by, top, service, route }: KeysQuery, now: number): Keys {
  const rows = routesOf('busy', now)
    .filter((row) => (service ?? row.service) === row.service && (route ?? row.route) === row.route)
    .flatMap((row) =>
      Array.from({ length: 12 }, (_, i) => {
        const url = `http://${row.service}.example${row.route.replace(':id', String(40 + i)).replace('*', `file-${i}`)}`;
        const asked = Math.round((row.requestsPerSecond * 3_600) / (i + 1));
        const missed = Math.round(asked * (1 - (row.hitRatio ?? 0)));
        const count = by === 'asked' ? asked : missed;
        const reasons = by === 'asked' ? {} : { [row.topMissReason ?? 'cold']: Math.ceil(missed * 0.7) };
        return { key: `GET ${url}`, url, service: row.service, route: row.route, count, error: 0, reasons };
      }),
    )
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return { from: now - 3 * 3_600_000, rows: rows.slice(0, top) };
}

/** What the double's gateway runs on. */
export function configOf(now: number): RunningConfig {
  const rows = routesOf('busy', now);
  const services = [...new Set(rows.map(({ service }) => service))];
  return {
    source: { kind: 'file', file: 'pitwall.yaml' },
    error: null,
    gateway: {},
    services: services.map((name, i) => ({
      name,
      sample: false,
      hosts: null,
      mode: 'cache',
      targets: [{ url: `http://127.0.0.1:${9000 + i}`, host: 'rewrite', connections: 128, ownAuthority: false }],
      breaker: {},
      routes: rows
        .filter(({ service }) => service === name)
        .map(({ route, unsafe }) => ({
          name: route,
          path: route === '*' ? '/*' : route,
          methods: null,
          policy: { ...DEFAULT_POLICY, ttl: 30_000, staleIfError: 3_600_000, ignore: unsafe },
        })),
    })),
  };
}
