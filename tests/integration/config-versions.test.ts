import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  configCheckSchema,
  versionListSchema,
  versionNoteSchema,
  versionTextSchema,
} from '../../lib/contracts/config-versions.ts';
import { problemSchema } from '../../lib/contracts/problem.ts';
import { runningConfigSchema } from '../../lib/contracts/running.ts';
import { consoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

const root = mkdtempSync(join(tmpdir(), 'pitwall-config-'));
const TOKEN = 'a-token-of-24-characters';
let origin: Origin;
const servers: ReadyServer[] = [];

beforeAll(async () => {
  origin = await startOrigin();
  origin.answer((request, response) => void response.end(`mine ${request.url}`));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(async () => {
  await origin.close();
  rmSync(root, { recursive: true });
});

async function start(env: Record<string, string>): Promise<ReadyServer> {
  const server = await startServer(env);
  servers.push(server);
  return server;
}
const yaml = (name: string): string =>
  `gateway: { explainToken: ${TOKEN} }\nservices:\n  - name: ${name}\n    targets: [{ url: "${origin.url}" }]\n`;
const post = (server: ReadyServer, path: string, body?: object): Promise<Response> =>
  fetch(server.consoleUrl + path, {
    method: 'POST',
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const problemOf = async (response: Response) => problemSchema.parse(await response.json());
const versionsOf = async (server: ReadyServer) =>
  versionListSchema.parse(await (await fetch(`${server.consoleUrl}/api/config/versions`)).json());
const runs = async (server: ReadyServer) => {
  const { source, services } = runningConfigSchema.parse(await (await fetch(`${server.consoleUrl}/api/config`)).json());
  return [source.kind, ...services.map(({ name }) => name)];
};
const answer = async (server: ReadyServer): Promise<string> => (await fetch(`${server.gatewayUrl}/a`)).text();

describe('the console owns the configuration', () => {
  it('takes one over the sample, runs it after kill -9, and restores', async () => {
    const data = mkdtempSync(join(root, 'own-'));
    const first = await start({ PITWALL_DATA_DIR: data });
    const api = consoleApi(first.consoleUrl);
    await eventually(async () => expect((await api.overview()).sampleTraffic).toBe('running'));
    expect(await versionsOf(first)).toMatchObject({
      running: { source: { kind: 'sample' }, readOnly: null },
      versions: [],
    });

    const wrong = await post(first, '/api/config', { yaml: 'services:\n  - name: shop\n    mode: turbo\n' });
    expect(await problemOf(wrong)).toMatchObject({
      code: 'validation_failed',
      detail: expect.stringMatching(/3:\d+ services\[0\]\.mode: expected one of/) as string,
    });
    expect((await post(first, '/api/config/check', { yaml: `# ${'x'.repeat(1_048_570)}` })).status).toBe(200);
    expect((await post(first, '/api/config/check', { yaml: 'x'.repeat(2_097_152) })).status).toBe(413);

    const calls = origin.calls.length;
    const check = configCheckSchema.parse(
      await (await post(first, '/api/config/check', { yaml: yaml('shop') })).json(),
    );
    expect(check).toMatchObject({ faults: [], words: 'Added: shop.' });
    const asked = { yaml: yaml('shop'), base: check.base };
    const taken = versionNoteSchema.parse(await (await post(first, '/api/config', asked)).json());
    expect(taken).toMatchObject({ version: check.version, previous: null, way: 'import' });
    expect(await runs(first)).toEqual(['console', 'shop']);
    expect(await answer(first)).toBe('mine /a');
    expect((await post(first, '/api/sample/traffic', { run: true })).status).toBe(404);
    expect(await problemOf(await post(first, '/api/onboarding/start', { url: origin.url }))).toMatchObject({
      code: 'conflict',
    });
    expect((await api.overview()).sampleTraffic).toBe('off');
    await eventually(async () =>
      expect((await api.overview()).services.map(({ service }) => service)).toEqual(['shop']),
    );
    // Whatever the sample had sent was answered by itself.
    expect(origin.calls.length - calls).toBe(1);

    first.signal('SIGKILL');
    await first.exited;
    const second = await start({ PITWALL_DATA_DIR: data });
    expect(await runs(second)).toEqual(['console', 'shop']);
    expect(await answer(second)).toBe('mine /a');
    expect((await versionsOf(second)).versions).toMatchObject([{ id: taken.version, way: 'import' }]);

    const exported = await fetch(`${second.consoleUrl}/api/config/yaml`);
    expect(exported.headers.get('content-type')).toBe('application/yaml');
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename="pitwall.yaml"');
    const text = await exported.text();
    expect(text).toBe(yaml('shop').replace(TOKEN, '"[redacted]"'));
    expect((await post(second, '/api/config', { yaml: text.replace('shop', 'books') })).status).toBe(200);
    expect(await runs(second)).toEqual(['console', 'books']);
    const explained = await fetch(`${second.gatewayUrl}/a`, { headers: { 'pitwall-explain': TOKEN } });
    expect(explained.headers.get('pitwall-explain')).toContain('"step"');

    const { versions } = await versionsOf(second);
    expect(versions.map(({ way, words }) => [way, words])).toEqual([
      ['import', 'Added: books. Removed: shop.'],
      ['import', 'Added: shop.'],
    ]);
    const look = await fetch(`${second.consoleUrl}/api/config/versions/${versions[0]!.id}`);
    const { diff } = versionTextSchema.parse(await look.json());
    expect(diff).toMatchObject({ added: 1, removed: 1 });
    expect((await post(second, `/api/config/versions/${taken.version}/restore`)).status).toBe(200);
    expect(await runs(second)).toEqual(['console', 'shop']);
    expect((await versionsOf(second)).versions[0]).toMatchObject({ id: taken.version, way: 'restore' });

    const journal = await (await fetch(`${second.consoleUrl}/api/journal?limit=200`)).text();
    expect(journal).toContain('restoreConfig');
    expect(journal + text + second.output()).not.toContain(TOKEN);
  });

  it('doesn’t read what isn’t there to be read, and shows nothing of what it reads', async () => {
    const server = await start({ PITWALL_DATA_DIR: mkdtempSync(join(root, 'ca-')) });
    const secret = join(root, 'secret.txt');
    writeFileSync(secret, 'nobody may see this');
    for (const ca of [secret, '/dev/zero', '/etc/passwd', 'none.pem']) {
      const text = `services:\n  - name: a\n    targets: [{ url: "https://a.test", ca: ${ca} }]\n`;
      const { faults } = configCheckSchema.parse(
        await (await post(server, '/api/config/check', { yaml: text })).json(),
      );
      expect(faults).toMatchObject([{ line: 3, path: 'services[0].targets[0].ca' }]);
      expect(JSON.stringify(faults)).not.toMatch(/nobody may see|root:/);
    }
  });

  it('ends with a broken file that names the way out', async () => {
    const data = mkdtempSync(join(root, 'broken-'));
    writeFileSync(join(data, 'pitwall.yaml'), 'services: 7\n');
    await expect(startServer({ PITWALL_DATA_DIR: data })).rejects.toThrow(
      /pitwall\.yaml:1:\d+ services[^]*Mend it, or move it away/,
    );
  });
});

describe('a file owns the configuration', () => {
  it('is followed, version by version; the console says why it changes nothing', async () => {
    const file = join(root, 'pitwall.yaml');
    writeFileSync(file, yaml('one'));
    const server = await start({ PITWALL_CONFIG: file, PITWALL_DATA_DIR: mkdtempSync(join(root, 'file-')) });
    await eventually(async () => expect((await versionsOf(server)).versions).toHaveLength(1));
    writeFileSync(file, yaml('two'));
    const { running, versions } = await eventually(async () => {
      const found = await versionsOf(server);
      expect(found.versions).toHaveLength(2);
      return found;
    }, 10_000);
    expect(versions).toMatchObject([
      { way: 'file', words: 'Added: two. Removed: one.', source: { kind: 'file', file } },
      { way: 'start', words: 'Added: one.', previous: null },
    ]);
    expect(running).toMatchObject({
      id: versions[0]!.id,
      readOnly: expect.stringContaining(`PITWALL_CONFIG names ${file}`) as string,
    });
    for (const asked of [
      post(server, '/api/config', { yaml: yaml('three') }),
      post(server, `/api/config/versions/${versions[1]!.id}/restore`),
    ])
      expect(await problemOf(await asked)).toMatchObject({ code: 'conflict', detail: running!.readOnly });
    expect(await runs(server)).toEqual(['file', 'two']);
    expect((await versionsOf(server)).versions).toHaveLength(2);
  });
});
