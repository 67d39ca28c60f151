import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'pitwall-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const example = join(import.meta.dirname, '../../pitwall.example.yaml');
const broken = join(folder, 'broken.yaml');
writeFileSync(broken, 'services:\n  - name: a\n    polcy: {}\n    targets: [{ url: nope }]\n');

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(args, { out: { write: (text) => (out += text) }, err: { write: (text) => (err += text) } });
  return { code, out, err };
}

describe('pitwall check', () => {
  it('counts what is valid', async () => {
    expect(await run('check', example)).toEqual({ code: 0, out: 'ok: 2 services, 3 routes\n', err: '' });
    const one = join(folder, 'one.yaml');
    writeFileSync(one, `services: [{ name: a, targets: [{ url: 'http://a' }], routes: [{ path: /x }] }]`);
    expect((await run('check', one)).out).toBe('ok: 1 service, 1 route\n');
  });

  it('names every fault and exits with 1', async () => {
    const { code, out, err } = await run('check', broken);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `${broken} has 2 faults:\n` +
        `  ${broken}:3:5 services[0].polcy: there is no such setting; did you mean "policy"?\n` +
        `  ${broken}:4:17 services[0].targets[0].url: expected an http:// or https:// URL\n`,
    );
  });

  it('does so as JSON too', async () => {
    const { code, out } = await run('check', broken, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: expect.stringContaining(':3:5 ') as string });
    expect(JSON.parse((await run('check', example, '--json')).out)).toEqual({ ok: true, services: 2, routes: 3 });
  });

  it('shows service, route, key, tags and policy of a request', async () => {
    const { code, out } = await run(
      ...['check', example, '--url', 'http://API.example.com:80/chats/42/history?b=1', '-H', 'Accept-Language: de'],
    );
    expect(code).toBe(0);
    const rows = new Map(out.split('\n').map((line) => line.split(/ {2,}/).slice(-2) as [string, string]));
    expect(rows.get('service')).toBe('api (mode cache) -> http://127.0.0.1:9000');
    expect(rows.get('route')).toBe('history (/chats/:id/history GET, HEAD)');
    expect(rows.get('params')).toBe('id=42');
    expect(rows.get('key')).toBe('GET http://api.example.com/chats/42/history?b=1 headers=2,15:accept-language,2:de');
    expect(rows.get('tags')).toBe('chat:{id}, history');
    expect(out).toMatch(/^tags +chat:42, history$/m);
    expect(rows.get('ttl')).toBe('30s');
    expect(rows.get('staleIfError')).toBe('10m');
    expect(rows.get('maxEntry')).toBe('16MiB');
    expect(rows.get('timeouts.connect')).toBe('5s');
    expect(rows.get('query.keep')).toBe('*');
    expect(out).not.toContain('object');
    expect(out).not.toContain('UNSAFE');
  });

  it('falls to the catch-all, and to the service of every other host', async () => {
    expect((await run('check', example, '--url', '/chats/42')).out).toMatch(/^route +\* \(\/\*\)$/m);
    const other = await run('check', example, '--url', 'http://api.example.com/chats/42/history', '-X', 'delete');
    expect(other.out).toMatch(/^route +\* /m);
    expect(other.out).toMatch(/^key +none \(method\): passed on/m);
  });

  it('has the key of the policy’s query, and none where nothing is stored or shared', async () => {
    const file = join(folder, 'query.yaml');
    const service = (mode: string): string =>
      `services: [{ name: a, mode: ${mode}, targets: [{ url: 'http://a' }], policy: { query: { drop: ['utm_*'] } } }]`;
    writeFileSync(file, service('cache'));
    const ask = async (): Promise<unknown> =>
      (JSON.parse((await run('check', file, '--url', '/x?utm_a=1&b=2', '--json')).out) as { request: unknown }).request;
    expect(await ask()).toMatchObject({ key: 'GET http://localhost/x?b=2', passed: null });
    writeFileSync(file, service('bypass'));
    expect(await ask()).toMatchObject({ key: null, passed: 'bypass' });
  });

  it('hashes a body where it is part of the key, and warns of what is unsafe', async () => {
    const ask = async (body: string): Promise<string> =>
      (await run('check', example, '--url', 'http://api.example.com/analysis', '-d', body, '--json')).out;
    const keys = await Promise.all(['{}', '{}', '[]'].map(ask));
    const [a, b, c] = keys.map((text) => (JSON.parse(text) as { request: { key: string } }).request.key);
    expect(a).toMatch(/^POST http:\/\/api\.example\.com\/analysis body=/);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
    const unsafe = await run('check', example, '--url', 'http://api.example.com/static/a.js');
    expect(unsafe.out).toMatch(/^UNSAFE +ignores cookie: private answers may be shared$/m);
  });

  it('has no key where the body is too long for one, as the gateway has none', async () => {
    const file = join(folder, 'body.yaml');
    writeFileSync(
      file,
      `services: [{ name: a, targets: [{ url: 'http://a' }], policy: { keyBody: true, maxKeyBody: 10B } }]`,
    );
    const ask = async (...more: string[]): Promise<unknown> =>
      (JSON.parse((await run('check', file, '--url', '/x', '--json', ...more)).out) as { request: unknown }).request;
    const keyed = { key: expect.stringMatching(/^POST .* body=/) as string, passed: null };
    expect(await ask('-d', 'x'.repeat(10))).toMatchObject(keyed);
    expect(await ask('-d', 'é'.repeat(5))).toMatchObject(keyed);
    expect(await ask('-d', 'x'.repeat(11))).toMatchObject({ key: null, passed: 'too-large' });
    expect(await ask('-d', 'é'.repeat(6))).toMatchObject({ key: null, passed: 'too-large' });
    expect(await ask('-X', 'POST')).toMatchObject({ key: null, passed: 'method' });
    expect(await ask('-X', 'GET', '-d', 'x')).toMatchObject({ key: null, passed: 'method' });
  });

  it('says when nobody answers, as text and as JSON', async () => {
    const file = join(folder, 'hosts.yaml');
    writeFileSync(file, `services: [{ name: a, hosts: [a], targets: [{ url: 'http://a' }] }]`);
    const { code, out, err } = await run('check', file, '--url', 'http://b:81/x');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: 'ok: 1 service, 0 routes\n',
      err: 'No service answers to the host b:81.\n',
    });
    const json = await run('check', file, '--url', 'http://b/x', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ ok: true, request: null });
    expect((await run('check', file, '--url', '/x', '-H', 'Host: a')).code).toBe(0);
  });

  it.each([
    [['check'], '"pitwall check" expects one file.'],
    [['check', 'a', 'b'], '"pitwall check" expects one file.'],
    [['check', example, '--url', 'nope'], '--url expects an http:// or https:// URL or a path, got "nope".'],
    [['check', example, '--url', '/x', '-H', 'odd'], '-H expects "name: value", got "odd".'],
    [['check', example, '--nope'], "Unknown option '--nope'"],
  ])('%j is a mistake of the caller', async (args, sentence) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(err).toContain('"pitwall check --help" tells the options.');
    expect(err).not.toContain('    at ');
  });

  it('says in one sentence what the gateway would refuse, and what it can’t read', async () => {
    const refused = await run('check', example, '--url', 'http://api.example.com/%zz');
    expect(refused.code).toBe(1);
    expect(refused.err.trim().split('\n')).toHaveLength(1);
    const missing = await run('check', join(folder, 'missing.yaml'));
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('there is no such file.') as string });
  });

  it('has help', async () => {
    expect((await run('check', '--help')).out).toContain('pitwall check FILE');
  });
});
