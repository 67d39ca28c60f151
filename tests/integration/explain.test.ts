import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplainAnswer, Explanation } from '../../lib/contracts/explain.ts';
import { main } from '../../cli/main.ts';
import { consoleApi } from '../support/console-api.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

const TOKEN = 'a-secret-of-some-length';
const FIELDS: Readonly<Record<string, Record<string, string>>> = {
  '/fresh': { 'cache-control': 'max-age=600' },
  '/stale': { 'cache-control': 'max-age=600, stale-while-revalidate=60', age: '600' },
  '/soft': { 'cache-control': 'max-age=600', etag: '"a"' },
  '/hard': { 'cache-control': 'max-age=600' },
  '/vary': { 'cache-control': 'max-age=600', vary: 'accept-language' },
  '/private': { 'cache-control': 'private, max-age=600' },
};

/* The API over a real server with one gateway worker. */
describe('GET /api/cache/explain', () => {
  let directory: string;
  let origin: Origin;
  let server: ReadyServer;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'pitwall-explain-'));
    origin = await startOrigin();
    origin.answer(({ url }, response) => {
      response.writeHead(200, FIELDS[String(url)] ?? {});
      response.end('hello');
    });
    const config = { gateway: { explainToken: TOKEN }, services: [{ name: 'shop', targets: [{ url: origin.url }] }] };
    const file = join(directory, 'pitwall.yaml');
    writeFileSync(file, JSON.stringify(config));
    server = await startServer({ PITWALL_CONFIG: file });
    for (const path of Object.keys(FIELDS))
      await (await fetch(server.gatewayUrl + path, { headers: { 'accept-language': 'de' } })).text();
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await origin.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function explain(path: string, rest = ''): Promise<Explanation> {
    const url = encodeURIComponent(server.gatewayUrl + path);
    const response = await fetch(`${server.consoleUrl}/api/cache/explain?url=${url}${rest}`);
    const answer = (await response.json()) as ExplainAnswer;
    expect([response.status, answer.agree, answer.workers.length]).toEqual([200, true, 1]);
    return answer.workers[0] as Explanation;
  }
  const source = ({ steps }: Explanation, name: string): string | undefined =>
    steps.findLast(({ step }) => step === name)?.because?.source;

  it('tells fresh, stale, another variant and private apart', async () => {
    const fresh = await explain('/fresh');
    expect([fresh.service, fresh.decision.outcome, source(fresh, 'lifetime')]).toEqual([
      'shop',
      'hit',
      'RFC 9111 §5.2.2.1',
    ]);
    const stale = await explain('/stale');
    expect([stale.decision.outcome, stale.decision.reason, source(stale, 'decision')]).toEqual([
      'stale',
      'expired',
      'RFC 5861 §3',
    ]);
    const other = await explain('/vary', '&header=Accept-Language:%20en');
    expect([other.decision.reason, source(other, 'variant')]).toEqual(['vary', 'RFC 9111 §4.1']);
    expect((await explain('/vary', '&header=Accept-Language:%20de')).decision.outcome).toBe('hit');
    const mine = await explain('/private');
    expect([mine.decision.reason, source(mine, 'storing')]).toEqual(['cold', 'RFC 9111 §5.2.2.7']);
    const calls = origin.calls.length;
    expect((await explain('/new')).decision).toEqual({ outcome: 'fetch', reason: 'cold', level: null });
    expect(origin.calls).toHaveLength(calls);
  });

  it('is what pitwall explain prints', async () => {
    const written: string[] = [];
    const terminal = { write: (text: string) => written.push(text) };
    const asked = ['explain', `${server.gatewayUrl}/fresh`, '--console', server.consoleUrl];
    expect(await main(asked, { out: terminal, err: terminal })).toBe(0);
    expect(written.join('')).toMatch(/worker 0: answered from the store, L2\n[^]*RFC 9111 §5\.2\.2\.1: max-age=600/);
    expect(await main(['explain', 'http:///', '--console', server.consoleUrl], { out: terminal, err: terminal })).toBe(
      1,
    );
  });

  it('names the clear, soft or hard', async () => {
    const api = consoleApi(server.consoleUrl);
    for (const [path, mode, outcome] of [
      ['/soft', 'soft', 'revalidate'],
      ['/hard', 'hard', 'fetch'],
    ] as const) {
      await api.ended((await api.clear({ scope: { key: server.gatewayUrl + path }, mode })).id);
      const told = await explain(path);
      expect([told.decision.outcome, told.decision.reason, told.variants[0]?.clear]).toEqual([
        outcome,
        'cleared',
        mode,
      ]);
      expect(source(told, 'decision')).toMatch(/^clear \d+$/);
    }
  });

  it('knows the modes', async () => {
    for (const [mode, outcome] of [
      ['observe', 'observe'],
      ['bypass', 'pass'],
      ['cache', 'hit'],
    ] as const) {
      const response = await fetch(`${server.consoleUrl}/api/services/shop/mode`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mode, reason: 'a test' }),
      });
      expect(response.status).toBe(200);
      expect([mode, (await explain('/fresh')).decision.outcome]).toEqual([mode, outcome]);
    }
  });

  it('is told by the gateway itself to who has the token, which nobody is shown', async () => {
    const traced = await fetch(`${server.gatewayUrl}/fresh`, { headers: { 'pitwall-explain': TOKEN } });
    expect(traced.headers.get('pitwall-explain')).toContain('RFC 9111');
    expect(traced.headers.get('cache-status')).toContain('key="GET http://');
    const wrong = await fetch(`${server.gatewayUrl}/fresh`, { headers: { 'pitwall-explain': 'wrong' } });
    expect(wrong.headers.get('pitwall-explain')).toBeNull();
    const config = await (await fetch(`${server.consoleUrl}/api/config`)).text();
    expect(config).toContain('"explain":true');
    expect(config + server.output()).not.toContain(TOKEN);
  });
});
