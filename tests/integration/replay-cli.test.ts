import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../cli/replay.ts';
import { sample } from '../../cli/sample.ts';
import { resolveConfig } from '../../lib/config/resolve.ts';
import { startGateway } from '../../lib/gateway/thread.ts';
import type { ReplayReport } from '../../lib/benchmark/replay-report.ts';
import type { SimulationReport } from '../../lib/benchmark/simulation-report.ts';
import { freePort } from '../support/free-port.ts';

const LOG = join(import.meta.dirname, '../support/apache-sample.log');
const ROOT = join(import.meta.dirname, '../..');
const GOOD_LINES = 45;
const BAD_LINES = 6;
/** In the log: a URL that the gateway refuses. */
const REFUSED = 1;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitwall-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = await replay(args, { out: { write: (text) => (out += text) }, err: { write: (text) => (err += text) } });
  return { code, out, err };
}
describe('pitwall replay', () => {
  it('replays a log through a gateway of its own, and all figures add up', async () => {
    const { code, out } = await run(LOG, '--json', '--ttl', '3600', '--concurrency', '1');
    const report = JSON.parse(out) as ReplayReport;
    expect(report.faults).toEqual([]);
    expect(code).toBe(0);
    const { l1, l2, coalesced, origin, error } = report.answered;
    expect(report).toMatchObject({
      requests: GOOD_LINES,
      refused: REFUSED,
      unfinished: 0,
      countedBy: 'gateway',
      ttlSeconds: 3_600,
    });
    expect(l1 + l2 + coalesced + origin + error + REFUSED).toBe(GOOD_LINES);
    // One at a time nothing coalesces, and only the log's own 500 is an error.
    expect([coalesced, error]).toEqual([0, 1]);
    expect(report.errors).toMatchObject({ origin: 1, gateway: 0, wire: 0 });
    // "/" 19 times of which one HEAD, "/style.css" 7 times, "/missing", "/old", "/search" and "/logo.png" more than once, a range of "/video.mp4" twice.
    expect(l1 + l2).toBe(18 + 6 + 1 + 1 + 1 + 2 + 1);
    expect(report.originCalls).toBe(origin + error);
    expect(report.skipped).toMatchObject({ count: BAD_LINES });
    expect(report.hit?.p50).toBeGreaterThan(0);
  });

  it('tells people the same as a table', async () => {
    const { code, out } = await run(LOG, '--ttl', '3600');
    expect(code).toBe(0);
    expect(out).toMatch(/^Requests +45$/m);
    expect(out).toMatch(/^Saved +\d\d\.\d %$/m);
    expect(out).toMatch(/^TTL assumed +3600 s, since logs carry no headers/m);
    expect(out).toMatch(/^Skipped lines +6: /m);
    expect(out).toMatch(/^ {2}line 38: no request was made/m);
    expect(out).not.toContain("DOESN'T ADD UP");
  });

  it('reads a compressed log at a multiple of its own pace, the TTL shrunk alike', async () => {
    const path = join(folder, 'log.gz');
    await writeFile(path, gzipSync(await readFile(LOG)));
    const { code, out } = await run(path, '--speed', '1000x', '--ttl', '30', '--json');
    const report = JSON.parse(out) as ReplayReport;
    expect(code).toBe(0);
    expect(report).toMatchObject({ speed: 1_000, requests: GOOD_LINES, faults: [] });
    // The log covers 156 s.
    expect(report.seconds).toBeGreaterThan(0.15);
  });

  it('never stores without a TTL, since logs carry no headers', async () => {
    const { out } = await run(LOG, '--ttl', '0', '--json', '--concurrency', '1');
    const report = JSON.parse(out) as ReplayReport;
    expect(report).toMatchObject({ faults: [], originCalls: GOOD_LINES - REFUSED, bytesSaved: 0 });
  });

  it('drives a running gateway whose upstream is the auto origin', async () => {
    const port = await freePort();
    const config = resolveConfig(
      { services: [{ name: 'x', targets: [{ url: `http://127.0.0.1:${port}` }], policy: { ttl: '1h' } }] },
      { cacheTtl: 0, readFile: () => '' },
    );
    const gateway = await startGateway({
      config,
      instance: 'i',
      worker: 0,
      host: '127.0.0.1',
      port: 0,
      reusePort: false,
    });
    try {
      const { code, out } = await run(
        LOG,
        '--gateway',
        gateway.url,
        '--listen',
        String(port),
        '--json',
        '--concurrency',
        '1',
      );
      const report = JSON.parse(out) as ReplayReport;
      expect(code).toBe(0);
      expect(report).toMatchObject({ countedBy: 'cache-status', requests: GOOD_LINES, refused: REFUSED, faults: [] });
      expect(report.originCalls).toBe(report.answered.origin + report.answered.error);
      expect(report.answered.l1 + report.answered.l2).toBe(30);
      const again = JSON.parse(
        (await run(LOG, '--gateway', gateway.url, '--listen', String(port), '--json')).out,
      ) as ReplayReport;
      expect(again.answered.l1 + again.answered.l2).toBeGreaterThan(30);
    } finally {
      await gateway.close(0);
    }
  });

  it('asks a real origin as the log did, without telling it of the log', async () => {
    const seen = new Set<string>();
    const origin = createServer((request, response) => {
      for (const name of Object.keys(request.headers)) seen.add(name);
      response.end('real');
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    try {
      const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
      const report = JSON.parse((await run(LOG, '--origin', url, '--json')).out) as ReplayReport;
      expect(report).toMatchObject({ requests: GOOD_LINES, faults: [] });
      expect(report.origin).toContain(url);
      expect(seen).not.toContain('pitwall-replay');
    } finally {
      origin.close();
      origin.closeAllConnections();
    }
  });

  it('simulates on the log’s own clock', async () => {
    const { code, out } = await run(LOG, '--simulate', '--json', '--ttl', '60', '--memory', '1MiB', '--memory', '2000');
    const report = JSON.parse(out) as SimulationReport;
    expect(code).toBe(0);
    expect(report).toMatchObject({ requests: GOOD_LINES, refused: REFUSED, faults: [], skipped: { count: BAD_LINES } });
    const [large, small] = report.caches;
    // As replayed, but for "/" at 150 s, which is stale by then, and expired once more.
    expect((large?.l1 ?? 0) + (large?.l2 ?? 0)).toBe(29);
    expect(large?.revalidated).toBe(1);
    expect((small?.l1 ?? 0) + (small?.l2 ?? 0)).toBeLessThan(29);
    // With a TTL beyond the log's time it's the figure of the real gateway.
    const whole = JSON.parse((await run(LOG, '--simulate', '--json', '--ttl', '3600')).out) as SimulationReport;
    for (const { l1, l2 } of whole.caches) expect(l1 + l2).toBe(30);
    const table = await run(LOG, '--simulate');
    expect(table.out).toMatch(/^64\.0 MiB +/m);
  });

  it.each([
    [[], 'replay expects one log file.'],
    [['a', 'b'], 'replay expects one log file.'],
    [[LOG, '--speed', 'fast'], '--speed expects'],
    [[LOG, '--speed', '0x'], '--speed expects'],
    [[LOG, '--ttl', '-1'], '--ttl'],
    [[LOG, '--ttl', '1.5'], '--ttl expects a whole number'],
    [[LOG, '--concurrency', '0'], '--concurrency expects'],
    [[LOG, '--memory', 'much', '--simulate'], '--memory expects a size'],
    [[LOG, '--memory', '1MiB', '--memory', '2MiB'], 'Only --simulate takes several'],
    [[LOG, '--origin', 'ftp://x'], '--origin expects a URL'],
    [[LOG, '--gateway', 'http://example.com'], "isn't on this machine"],
    [[LOG, '--origin', 'http://10.0.0.1'], '--allow-remote'],
    [[LOG, '--gateway', 'http://127.0.0.1:1', '--ttl', '5'], 'CACHE_TTL'],
    [[LOG, '--gateway', 'http://[::1]:1', '--memory', '1MiB'], 'its own memory budget'],
    [[LOG, '--gateway', 'http://localhost:1', '--origin', 'http://localhost:2'], 'no meaning beside it'],
    [[LOG, '--origin', 'http://localhost:2', '--listen', '1'], '--listen is for --origin auto'],
    [[LOG, '--simulate', '--gateway', 'http://localhost:2'], '--simulate makes no requests'],
    [[LOG, '--nonsense'], 'nonsense'],
  ])('explains what is wrong with %j', async (args, sentence) => {
    await expect(run(...args)).rejects.toThrow(sentence);
  });

  it('says in one sentence what isn’t there', async () => {
    await expect(run(join(folder, 'none.log'))).rejects.toMatchObject({ code: 'not_found' });
    const port = await freePort();
    await expect(run(LOG, '--gateway', `http://127.0.0.1:${port}`)).rejects.toThrow(/^No gateway answers at http/);
    await expect(run(LOG, '--origin', `http://127.0.0.1:${port}`)).rejects.toThrow(/^No origin answers at http/);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port: used } = taken.address() as AddressInfo;
    await expect(run(LOG, '--listen', String(used))).rejects.toMatchObject({ code: 'port_in_use' });
    taken.close();
  });

  it('prints its options', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const option of [
      '--speed',
      '--ttl',
      '--origin',
      '--listen',
      '--gateway',
      '--concurrency',
      '--simulate',
      '--allow-remote',
      '--json',
    ]) {
      expect(out).toContain(option);
    }
  });

  it('prints what it has measured when Ctrl-C ends it', async () => {
    const child = spawn(process.execPath, ['bin/pitwall.js', 'replay', LOG, '--speed', '1x'], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => (out += text));
    child.stderr.on('data', (text: Buffer) => (err += text));
    const exited = once(child, 'exit');
    // Its first progress line says that requests are under way.
    await expect.poll(() => err, { timeout: 30_000 }).toContain('requests');
    child.kill('SIGINT');
    child.kill('SIGINT');
    const [code] = (await exited) as [number];
    expect(code).toBe(130);
    expect(out).toContain(', then interrupted');
    expect(out).toMatch(/^Requests +[1-9]/m);
  });

  it('leaves nothing listening', async () => {
    const port = await freePort();
    await run(LOG, '--listen', String(port));
    const socket = connect(port, '127.0.0.1');
    await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('pitwall sample', () => {
  it('runs the origin and says what to try', async () => {
    const stop = new AbortController();
    let out = '';
    const terminal = {
      out: { write: (text: string) => (out += text) },
      err: { write: (text: string) => (out += text) },
    };
    const done = sample(['--port', '0'], terminal, stop.signal);
    await expect.poll(() => out).toContain('The sample origin listens on http://127.0.0.1:');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] as string;
    expect((await fetch(`${url}/api/status`)).status).toBe(200);
    const { port } = new URL(url);
    await expect(sample(['--port', port], terminal, stop.signal)).rejects.toMatchObject({ code: 'port_in_use' });
    stop.abort();
    expect(await done).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('prints its options, and refuses a port that is none', async () => {
    let out = '';
    const terminal = { out: { write: (text: string) => (out += text) }, err: { write: () => undefined } };
    expect(await sample(['--help'], terminal)).toBe(0);
    expect(out).toContain('--port');
    await expect(sample(['--port', '70000'], terminal)).rejects.toThrow('--port expects');
  });
});
