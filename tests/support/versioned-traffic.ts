import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How long after its acknowledgement a clear may not be seen yet, ms: 150 and Redis' deadline (docs/decisions/0010-clear-log.md), and slack. */
const BOUND_MS = 500;

/** An origin whose answers say which version they are: `path version`. */
export interface VersionedOrigin {
  readonly url: string;
  calls(): number;
  version(path: string): number;
  /** From now on it answers a newer version. */
  change(path: string): number;
  close(): Promise<void>;
}

/** @param cacheControl of every answer */
export async function versionedOrigin(cacheControl = 'max-age=3600'): Promise<VersionedOrigin> {
  const versions = new Map<string, number>();
  let calls = 0;
  const version = (path: string): number => versions.get(path) ?? 1;
  const server: Server = createServer((incoming, response) => {
    calls += 1;
    const path = incoming.url ?? '/';
    response.writeHead(200, { 'Cache-Control': cacheControl, ETag: `"${version(path)}"`, 'Cache-Tag': `tag${path}` });
    response.end(`${path} ${version(path)} ${'x'.repeat(200)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    version,
    change(path) {
      versions.set(path, version(path) + 1);
      return version(path);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Report {
  readonly requests: number;
  /** Requests that got no answer, or a 5xx, though the gateway was up. */
  readonly failed: readonly string[];
  /** Answers older than a clear that was acknowledged more than the bound before they were asked for. */
  readonly cleared: readonly string[];
  /** Longest wait for an answer, ms. */
  readonly slowest: number;
}

/** Clients that ask without a pause, and the clears that they mustn't see through. */
export interface VersionedTraffic {
  /** Where they ask; nobody does while it's empty. */
  at(gatewayUrls: readonly string[]): void;
  /** A hard clear of the path's current version was acknowledged now. */
  cleared(path: string, version: number): void;
  report(): Report;
  /** Resolves once `count` more requests were answered. */
  goesOn(count: number): Promise<void>;
  stop(): Promise<Report>;
}

export interface TrafficOptions {
  /** Host header: all gateways then have the same keys. */
  readonly host: string;
  readonly paths: readonly string[];
  readonly clients?: number;
}

export function versionedTraffic({ host, paths, clients = 4 }: TrafficOptions): VersionedTraffic {
  const agent = new Agent({ keepAlive: true });
  const floors = new Map<string, { readonly version: number; readonly from: number }[]>();
  const failed: string[] = [];
  const older: string[] = [];
  let urls: readonly string[] = [];
  let moves = 0;
  let requests = 0;
  let slowest = 0;
  let stopped = false;

  async function client(seed: number): Promise<void> {
    for (let turn = seed; !stopped; turn += 7) {
      const url = urls[turn % urls.length];
      if (url === undefined) {
        await pause(5);
        continue;
      }
      const path = paths[turn % paths.length] as string;
      const asked = performance.now();
      const before = moves;
      try {
        const { status, text } = await ask(agent, url, path, host);
        if (status >= 500) failed.push(`${path}: ${status} ${text}`);
        else check(path, asked, Number(text.split(' ')[1]), text);
        requests += 1;
        slowest = Math.max(slowest, performance.now() - asked);
      } catch (error) {
        // Who was asked may have been killed meanwhile.
        if (before === moves && !stopped) failed.push(`${path}: ${String(error)}`);
        await pause(5);
      }
    }
  }

  function check(path: string, asked: number, version: number, text: string): void {
    if (!text.startsWith(`${path} `)) failed.push(`${path}: answered with ${text.slice(0, 80)}`);
    for (const floor of floors.get(path) ?? [])
      if (asked > floor.from && version < floor.version) older.push(`${path}: ${version} after ${floor.version}`);
  }

  const running = Array.from({ length: clients }, (_, i) => client(i));
  const report = (): Report => ({ requests, failed: [...failed], cleared: [...older], slowest });

  return {
    at(next) {
      moves += 1;
      urls = next;
    },
    cleared(path, version) {
      const list = floors.get(path) ?? [];
      floors.set(path, list);
      list.push({ version, from: performance.now() + BOUND_MS });
    },
    report,
    async goesOn(count) {
      const goal = requests + count;
      while (requests < goal && !stopped) await pause(5);
    },
    async stop() {
      stopped = true;
      await Promise.all(running);
      agent.destroy();
      return report();
    },
  };
}

function ask(agent: Agent, url: string, path: string, host: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { agent, headers: { Host: host }, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in 10 s')));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
