import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleApi } from '../support/console-api.ts';
import { removeDirectory, temporaryDirectory } from '../support/disk-store.ts';
import { eventually } from '../support/eventually.ts';
import { ask, type Answer } from '../support/raw-client.ts';
import { startRedis } from '../support/redis.ts';
import { scriptedOrigin, type ScriptedOrigin } from '../support/scripted-origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

/** In what is asked, in what is answered, and in what it's selected by. */
const SECRET = 'hush-4711-hush';
const HOST = 'people.test';
const PATHS = [`/people/${SECRET}?token=${SECRET}`, `/people/${SECRET}/large`];
const LARGE = 2_500_000;
const newKey = (): string => randomBytes(32).toString('base64');

let origin: ScriptedOrigin;
let folder: string;
let server: ReadyServer | undefined;

beforeEach(async () => {
  origin = await scriptedOrigin((request, response) => {
    response.writeHead(200, {
      'Cache-Control': 'max-age=600',
      'Cache-Tag': `person:${SECRET}`,
      ETag: `"${SECRET}"`,
      Vary: 'X-User',
      'X-Card': SECRET,
    });
    const body = `about ${SECRET}, asked for as ${request.url}. `;
    response.end(request.url?.endsWith('/large') === true ? body.padEnd(LARGE, `${SECRET} `) : body);
  });
  folder = temporaryDirectory();
  writeFileSync(
    join(folder, 'pitwall.yaml'),
    `
gateway:
  accessLog: { file: ${join(folder, 'access.log')} }
services:
  - name: people
    targets: [{ url: ${origin.url} }]
    routes:
      - path: /people/*
        policy: { sensitive: true }
`,
  );
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await origin.close();
  removeDirectory(folder);
});

async function start(keys: readonly string[], env: Record<string, string> = {}): Promise<ReadyServer> {
  await server?.stop();
  server = await startServer({
    PITWALL_CONFIG: join(folder, 'pitwall.yaml'),
    PITWALL_DATA_DIR: join(folder, 'data'),
    PITWALL_CACHE_KEY: keys.join(','),
    ...env,
  });
  return server;
}

/** The answers to one request for each path. */
async function visit({ gatewayUrl }: ReadyServer): Promise<Answer[]> {
  const port = Number(new URL(gatewayUrl).port);
  const headers = { Host: HOST, 'X-User': SECRET };
  const answers: Answer[] = [];
  for (const path of PATHS) answers.push(await ask(port, path, { headers }));
  return answers;
}

const details = (answers: readonly Answer[]): string[] =>
  answers.map(({ headers }) => String(headers['cache-status']).replace(/^.*detail=/, ''));

async function read({ consoleUrl }: ReadyServer, path: string): Promise<unknown> {
  const response = await fetch(consoleUrl + path);
  return response.json();
}

/** Resolves once L3 has as many entries. */
async function held({ consoleUrl }: ReadyServer, count: number): Promise<void> {
  const { overview } = consoleApi(consoleUrl);
  await eventually(async () => {
    const { levels } = await overview();
    expect(levels.find(({ level }) => level === 'l3')?.entries).toBe(count);
  }, 10_000);
}

/** The first request and all that were told of it, over the live socket. */
async function tailed({ consoleUrl }: ReadyServer, during: () => Promise<unknown>): Promise<string> {
  const socket: Socket = io(`${consoleUrl}/live`, { transports: ['websocket'] });
  let told = '';
  socket.on('requests', (batch: unknown) => (told += JSON.stringify(batch)));
  try {
    await socket.timeout(10_000).emitWithAck('tail', {});
    await during();
    await eventually(() => expect(told.match(/"id"/g)).toHaveLength(PATHS.length));
    return told;
  } finally {
    socket.disconnect();
  }
}

/** Names of files under a directory that hold the text. */
function filesWith(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(text));
}

describe('a sensitive route', () => {
  it('leaves nothing readable on the disk, in logs and in the console, and survives kill -9 and new keys', async () => {
    const [first, second] = [newKey(), newKey()];
    let running = await start([first]);
    const tail = await tailed(running, () => visit(running));
    expect(tail).toContain('/people/*?token=…');
    expect(tail).not.toContain(SECRET);
    await held(running, PATHS.length);
    expect(details(await visit(running))).toEqual(['l2', 'l2']);
    await eventually(async () => {
      const keys = await read(running, '/api/cache/keys');
      expect(keys).toMatchObject({ rows: [{ url: null }, { url: null }] });
      expect(JSON.stringify(keys)).not.toContain(SECRET);
    });
    const config = await read(running, '/api/config');
    expect(config).toMatchObject({
      gateway: { sensitive: 'encrypted' },
      services: [{ routes: [{ policy: { sensitive: true } }, { policy: { sensitive: false } }] }],
    });
    expect(JSON.stringify(config)).not.toContain(first);
    await eventually(() => expect(filesWith(folder, '"route":"/people/*"')).toEqual([join(folder, 'access.log')]));

    running.signal('SIGKILL');
    await running.exited;
    expect(filesWith(folder, SECRET)).toEqual([]);
    expect(filesWith(folder, HOST).map((file) => file.replace(folder, ''))).toEqual(['/access.log']);
    expect(running.output()).not.toMatch(new RegExp(`${SECRET}|${first.slice(0, 40).replace(/[+/]/g, '\\$&')}`));

    running = await start([first]);
    const again = await visit(running);
    expect(details(again)).toEqual(['l3', 'l3']);
    expect(again.map(({ headers }) => headers['x-card'])).toEqual([SECRET, SECRET]);
    expect(again[1]?.body).toHaveLength(LARGE);
    expect(origin.seen).toHaveLength(2);

    running = await start([second, first]);
    expect(details(await visit(running))).toEqual(['l3', 'l3']);
    expect(origin.seen).toHaveLength(2);

    running = await start([second]);
    expect(details(await visit(running))).toEqual(['cold', 'cold']);
    expect(origin.seen).toHaveLength(4);
    await held(running, 2 * PATHS.length);
    expect(running.output()).not.toMatch(/"level":(40|50)|warn|error/i);
    expect(filesWith(folder, SECRET)).toEqual([]);
  }, 120_000);

  it('stays in memory where there is no key, and says so once', async () => {
    let running = await start([]);
    await running.prints(/Entries of sensitive routes are kept in memory alone/);
    expect(details(await visit(running))).toEqual(['cold', 'cold']);
    expect(details(await visit(running))).toEqual(['l2', 'l2']);
    expect(await read(running, '/api/config')).toMatchObject({ gateway: { sensitive: 'memory' } });
    expect(running.output().match(/in memory alone/g)).toHaveLength(1);
    running = await start([]);
    expect(details(await visit(running))).toEqual(['cold', 'cold']);
    expect(filesWith(folder, SECRET)).toEqual([]);
  }, 120_000);

  it('leaves nothing readable in Redis, names included, and another instance reads it', async () => {
    const redis = await startRedis({ config: { rdbcompression: 'no' } });
    try {
      const env = { REDIS_URL: redis.url };
      const key = newKey();
      let running = await start([key], env);
      await visit(running);
      const names = async (): Promise<Buffer[]> => {
        const all = (await redis.command('KEYS', '*')) as string[];
        return all.map((name) => Buffer.from(name));
      };
      // The large one is beyond what goes into Redis.
      await eventually(async () => expect((await names()).filter((name) => name.includes('l3:'))).toHaveLength(2));
      await redis.command('SAVE');
      const dump = readFileSync(join(redis.directory, 'dump.rdb'));
      expect(dump.includes('l3:')).toBe(true);
      for (const name of await names()) expect(name.includes(SECRET) || name.includes(HOST)).toBe(false);
      for (const text of [SECRET, HOST, 'X-Card', 'x-user']) expect(dump.includes(text)).toBe(false);

      running = await start([newKey(), key], { ...env, PITWALL_DATA_DIR: join(folder, 'other') });
      expect(details(await visit(running))[0]).toBe('l3');
      expect(origin.seen).toHaveLength(3);
    } finally {
      await server?.stop();
      await redis.stop();
    }
  }, 120_000);
});
