import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeListSchema, changeSchema, type Change } from '../../lib/contracts/changes.ts';
import { overviewSchema } from '../../lib/contracts/overview.ts';
import { consoleApi, type ConsoleApi } from '../support/console-api.ts';
import { eventually } from '../support/eventually.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { startServer, type ReadyServer } from '../support/server-process.ts';

/** Within so many ms a change is told. */
const TOLD_MS = 2_000;

const root = mkdtempSync(join(tmpdir(), 'pitwall-changes-'));
const file = join(root, 'pitwall.yaml');
let origin: Origin;
let server: ReadyServer;
let api: ConsoleApi;
let socket: Socket;
/** What the socket told, the newest form of each. */
const told = new Map<string, Change>();

function configure(services: string): void {
  writeFileSync(`${file}.new`, `services: [${services}]\n`);
  renameSync(`${file}.new`, file);
}
const chat = (): string => `{ name: chat, targets: [{ url: "${origin.url}" }], breaker: { failures: 3 } }`;

async function list(query = ''): Promise<Change[]> {
  const response = await fetch(`${server.consoleUrl}/api/changes${query}`);
  return changeListSchema.parse(await response.json()).changes;
}
const ofKind = (kind: Change['kind']): Change[] => [...told.values()].filter((change) => change.kind === kind);

beforeAll(async () => {
  origin = await startOrigin();
  configure(chat());
  server = await startServer({ PITWALL_CONFIG: file, PITWALL_WORKERS: '2' });
  api = consoleApi(server.consoleUrl);
  socket = io(`${server.consoleUrl}/live`, { transports: ['websocket'], forceNew: true });
  socket.on('change', (message: unknown) => {
    const change = changeSchema.parse(message);
    told.set(change.id, change);
  });
  expect(await socket.emitWithAck('watch', { service: 'all', range: '5m' })).toEqual({ ok: true });
});
beforeEach(() => told.clear());
afterAll(async () => {
  socket.disconnect();
  await server.stop();
  await origin.close();
  rmSync(root, { recursive: true });
});

describe('what changes on a real server is told once, within 2 s', () => {
  it('a switch of mode, by both workers', async () => {
    const response = await fetch(`${server.consoleUrl}/api/services/chat/mode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'observe', reason: 'to compare' }),
    });
    expect(response.status).toBe(200);
    await eventually(() => expect(ofKind('mode')[0]?.detail).toBe('Was cache. to compare. 2 of 2 workers.'), TOLD_MS);
    expect(ofKind('mode')).toMatchObject([{ service: 'chat', tone: 'watch', title: 'Mode observe' }]);
    expect(await list('?kind=mode')).toEqual(ofKind('mode'));
  });

  it('a clear, with its job and what became of it; and its undo', async () => {
    const job = await api.clear({ scope: { tag: 'chat:42' }, mode: 'soft' });
    await eventually(() => expect(ofKind('clear')[0]?.detail).toBe('2 of 2 workers confirmed it.'), TOLD_MS);
    expect(ofKind('clear')).toMatchObject([{ title: 'Clear tag chat:42', tone: 'neutral', jobId: job.id }]);
    await api.undo(job.id);
    await eventually(() => expect(ofKind('undo')).toMatchObject([{ title: 'Undo: clear tag chat:42' }]), TOLD_MS);
    const overview = overviewSchema.parse(await api.overview());
    expect(overview.changes.slice(0, 2).map(({ kind }) => kind)).toEqual(['undo', 'clear']);
    expect(overview.changes.at(-1)).toMatchObject({ title: 'Pitwall started' });
  });

  it('a configuration that is taken, and one that is refused', async () => {
    configure(`${chat()}, { name: search, targets: [{ url: "${origin.url}" }], hosts: [search.example] }`);
    await eventually(() => expect(ofKind('config')).toMatchObject([{ detail: 'Added: search.', service: 'search' }]));
    configure('{ name: chat }');
    await eventually(() => expect(ofKind('config')).toHaveLength(2));
    expect(ofKind('config')[1]).toMatchObject({ tone: 'bad', title: 'Configuration refused' });
    expect(ofKind('config')[1]?.detail).toContain('targets');
    // Of another service: the refusal concerns all.
    expect((await list('?service=chat&kind=config')).map(({ title }) => title)).toEqual(['Configuration refused']);
  });

  it('a breaker that opens, however many workers open theirs', async () => {
    origin.answer((_, response) => response.socket?.destroy());
    const send = async (): Promise<void> => {
      // No keep-alive, so that both workers get their share.
      const asked = Array.from({ length: 24 }, (_, i) =>
        fetch(`${server.gatewayUrl}/${i}?${Math.random()}`, { headers: { connection: 'close' } }),
      );
      await Promise.all(asked.map(async (answer) => (await answer).text()));
    };
    await send();
    await eventually(() => expect(ofKind('breaker').length).toBeGreaterThan(0), TOLD_MS);
    const [opened] = ofKind('breaker');
    expect(opened).toMatchObject({ service: 'chat', tone: 'bad', title: 'Breaker opened' });
    expect(opened?.detail).toMatch(/^http:\/\/127\.0\.0\.1:\d+: .+ [12] of 2 workers\.$/);
    expect((await list('?kind=breaker')).filter(({ title }) => title === 'Breaker opened')).toHaveLength(1);
  });

  it('is refused with the reason where the question makes no sense', async () => {
    const response = await fetch(`${server.consoleUrl}/api/changes?kind=weather&limit=0`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'validation_failed' });
  });
});
