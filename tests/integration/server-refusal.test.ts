import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnServer } from '../support/server-process.ts';

const root = mkdtempSync(join(tmpdir(), 'pitwall-refusal-'));
let taken: Server;
let port: number;
beforeAll(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  ({ port } = taken.address() as AddressInfo);
});
afterAll(() => {
  taken.close();
  rmSync(root, { recursive: true });
});

async function refusal(env: Record<string, string>): Promise<string> {
  const server = spawnServer(env);
  try {
    expect(await server.exited).toBe(1);
    return server.output();
  } finally {
    await server.stop();
  }
}

describe('a start that can’t succeed ends with one plain sentence and exit 1', () => {
  it('when the console’s port is in use', async () => {
    expect(await refusal({ PORT: String(port) })).toMatch(
      new RegExp(`^Port ${port} on 127.0.0.1 is in use: set PORT .*\\n$`),
    );
  });

  it.each(['1', '2'])('when the gateway’s port is in use, with %s workers', async (workers) => {
    const output = await refusal({ GATEWAY_PORT: String(port), PITWALL_WORKERS: workers, LOG_LEVEL: 'silent' });
    expect(output).toContain(String(port));
    expect(output).toContain('GATEWAY_PORT');
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('when the data directory can’t be written', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(await refusal({ PITWALL_DATA_DIR: file })).toMatch(
      /^The data directory \S+ can't be written .*PITWALL_DATA_DIR.*\n$/,
    );
  });

  it('when the environment is wrong: every fault at once', async () => {
    const output = await refusal({ PORT: 'eighty', GATEWAY_PORT: '99999' });
    expect(output).toMatch(/PORT: expected a port/);
    expect(output).toMatch(/GATEWAY_PORT: expected a port/);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('when the configuration file is wrong or missing', async () => {
    const file = join(root, 'bad.yaml');
    writeFileSync(file, 'services:\n  - name: a\n    targets: [{ url: "ftp://x" }]\n');
    expect(await refusal({ PITWALL_CONFIG: file })).toMatch(/bad\.yaml:3:\d+ services\[0\]\.targets\[0\]\.url/);
    expect(await refusal({ PITWALL_CONFIG: join(root, 'none.yaml') })).toContain('none.yaml');
  });
});
