import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../lib/config/environment.ts';
import { createConfigRecorder } from '../../../lib/container/config-recorder.ts';
import { createConfigVersions, type ConfigVersionsOptions } from '../../../lib/container/config-versions.ts';
import { keepConfiguration, type RunningConfiguration } from '../../../lib/container/configuration.ts';
import { createHandover } from '../../../lib/container/handover.ts';
import type { JournalCommand } from '../../../lib/journal/journal.ts';
import type { Source } from '../../../lib/contracts/running.ts';
import type { ConfigTexts } from '../../../lib/journal/config-texts.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { journalScene, type JournalScene } from '../../support/journal-scene.ts';
import { parsed, secret, TOKEN, yaml } from './config-texts.ts';

let scene: JournalScene;
let kept: Map<string, string>;
let away: boolean;
let refusal: Error | undefined;
let others: boolean;
let trials: { active: boolean };
let tries: (() => void)[];
const root = mkdtempSync(join(tmpdir(), 'pitwall-versions-'));
afterAll(() => rmSync(root, { recursive: true }));

beforeEach(() => {
  scene = journalScene();
  kept = new Map();
  [away, others, refusal, trials, tries] = [false, false, undefined, { active: false }, []];
});

const texts: ConfigTexts = {
  async put(hash, text) {
    if (away) throw new PitwallError('storage_unavailable', 'It is away.');
    kept.set(hash, text);
  },
  async find(id) {
    const hash = [...kept.keys()].find((each) => each.startsWith(id));
    return hash === undefined ? null : (kept.get(hash) ?? null);
  },
};
const journal = {
  command: <T>(about: JournalCommand, run: () => T | Promise<T>, describe?: (result: T) => unknown) =>
    scene.journal.command(about, run, describe),
  async page(query: Parameters<typeof scene.store.page>[0]) {
    if (away) throw new PitwallError('storage_unavailable', 'It is away.');
    return scene.store.page(query);
  },
};

/** A process that starts with `text`. */
function start(
  source: Source,
  text: string,
  env: Record<string, string> = {},
  given: Partial<ConfigVersionsOptions> = {},
) {
  const dataDir = mkdtempSync(join(root, 'data-'));
  const environment = readEnvironment({ PITWALL_DATA_DIR: dataDir, ...env });
  const running: RunningConfiguration = keepConfiguration(
    { source: source.kind === 'file' ? { kind: 'console' } : source, config: parsed(text), sample: undefined, text },
    {
      cacheTtl: 0,
      logger: silentLogger,
      async configure() {
        if (refusal !== undefined) throw refusal;
      },
    },
  );
  // Of a file only the watching is left out.
  const from = source.kind === 'file' ? { ...running, source: () => source } : running;
  const recorder = createConfigRecorder({
    running: from,
    folder: dataDir,
    cacheTtl: 0,
    texts,
    journal,
    clock: scene.clock,
    after: (_ms, run) => (tries.push(run), () => undefined),
    logger: silentLogger,
  });
  const gateway = { running: from, gateways: { snapshots: async () => [] } } as unknown as NonNullable<
    Parameters<typeof createHandover>[0]['gateway']
  >;
  const none = (): undefined => undefined;
  const handover = createHandover({
    gateway,
    sample: undefined,
    gatewayUrl: '',
    onTake: none,
    onTurn: none,
    clock: scene.clock,
  });
  const verbs = createConfigVersions({
    environment,
    gateway,
    recorder,
    handover,
    trials,
    others: () => others,
    texts,
    journal,
    ...given,
  });
  const list = async () => (await verbs.configVersions({ limit: 50 })).versions;
  /** As the API's wrapper does it. */
  async function asked(action: 'importConfig' | 'restoreConfig', run: () => ReturnType<typeof verbs.importConfig>) {
    scene.clock.advance(1_000);
    const about = { actor: 'person:1', who: 'Ada', from: { address: null, agent: null }, target: null, before: null };
    return scene.journal.command({ ...about, action, after: null, requestId: null }, run, (note) => note);
  }
  return {
    ...verbs,
    running: from,
    recorder,
    dataDir,
    list,
    file: join(dataDir, 'pitwall.yaml'),
    take: (text: string) => running.adopt(parsed(text), source, text),
    bring: (text: string, base?: string) => asked('importConfig', () => verbs.importConfig({ yaml: text, base })),
    restore: (id: string) => asked('restoreConfig', () => verbs.restoreConfig(id)),
  };
}

describe('versions of the configuration', () => {
  it('begin with what a start finds, once; a sample is none', async () => {
    await start({ kind: 'sample' }, yaml('sample')).recorder.settled();
    expect(scene.store.records).toEqual([]);
    const first = start({ kind: 'file', file: '/etc/pitwall.yaml' }, yaml('shop'));
    expect(await first.list()).toMatchObject([
      { way: 'start', previous: null, words: 'Added: shop.', actor: 'engine', source: { file: '/etc/pitwall.yaml' } },
    ]);
    const again = start({ kind: 'file', file: '/etc/pitwall.yaml' }, yaml('shop'));
    expect(await again.list()).toHaveLength(1);
    scene.clock.advance(1);
    const other = start({ kind: 'upstream', url: 'http://127.0.0.1:9' }, yaml('other'));
    const [newest, oldest] = await other.list();
    expect(newest).toMatchObject({ way: 'start', previous: oldest?.id, words: 'Added: other. Removed: shop.' });
  });

  it('follow a file, and hold no secret', async () => {
    const process = start({ kind: 'file', file: '/p.yaml' }, yaml('shop', secret(TOKEN)));
    await process.recorder.settled();
    await process.take(yaml('shop', secret(`${TOKEN}-two`)));
    expect(await process.list()).toHaveLength(1);
    scene.clock.advance(1);
    await process.take(yaml('books', secret(`${TOKEN}-two`)));
    const [newest] = await process.list();
    expect(newest).toMatchObject({ way: 'file', words: 'Added: books. Removed: shop.' });
    expect(JSON.stringify([...kept.values(), scene.store.records, process.configYaml()])).not.toContain(TOKEN);
    expect(process.configYaml()).toContain('explainToken: "[redacted]"');
    const text = await process.configVersion(newest!.id);
    expect(text.diff?.hunks.flat().filter(({ sign }) => sign !== ' ')).toMatchObject([
      { sign: '-', text: '  - name: shop' },
      { sign: '+', text: '  - name: books' },
    ]);
  });

  it('are still told of when their text isn’t kept any more', async () => {
    const process = start({ kind: 'console' }, yaml('shop'));
    await process.recorder.settled();
    const { version, previous } = await process.bring(yaml('books'));
    expect(await process.configVersion(version)).toMatchObject({ against: previous, diff: { added: 1, removed: 1 } });
    kept.clear();
    expect(await process.configVersion(version)).toEqual({
      id: version,
      yaml: yaml('books'),
      against: null,
      diff: null,
    });
    await expect(process.configVersion(previous!)).rejects.toMatchObject({ code: 'not_found' });
    await expect(process.configVersion(version, previous!)).rejects.toMatchObject({ code: 'not_found' });
    expect(await process.list()).toHaveLength(2);
    // What runs is known, whether or not it came to run as a version.
    scene.store.records = [];
    expect(await process.configVersion(version)).toMatchObject({ against: null, diff: null });
  });

  it('wait for a database that is away', async () => {
    away = true;
    const process = start({ kind: 'console' }, yaml('shop'));
    await process.recorder.settled();
    await expect(process.list()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(tries).toHaveLength(1);
    away = false;
    tries.shift()?.();
    await scene.pass(0);
    expect(await process.list()).toMatchObject([{ way: 'start' }]);
    expect([...kept.values()]).toEqual([yaml('shop')]);
  });
});

describe('another configuration', () => {
  it('is checked: every fault with its line, or what it would change; nothing happens', async () => {
    const process = start({ kind: 'console' }, yaml('shop'));
    const bad = await process.checkConfig('services:\n  - name: "a b"\n    mode: turbo\n    targets: []\n');
    expect(bad.faults.map(({ line, path }) => [line, path])).toEqual([
      [2, 'services[0].name'],
      [3, 'services[0].mode'],
      [4, 'services[0].targets'],
    ]);
    expect(bad).toMatchObject({ words: null, diff: null, version: null });
    const many = await process.checkConfig(`services:\n${'  - { name: "a b", targets: [] }\n'.repeat(80)}`);
    expect(many.faults).toHaveLength(100);
    const good = await process.checkConfig(yaml('books'));
    expect(good).toMatchObject({ faults: [], words: 'Added: books. Removed: shop.', diff: { added: 1, removed: 1 } });
    expect(process.running.text()).toBe(yaml('shop'));
    expect(existsSync(process.file)).toBe(false);
  });

  it('runs, is kept for the next start, and comes back by its version', async () => {
    const process = start({ kind: 'console' }, yaml('shop', secret(TOKEN)));
    const { base, version } = await process.checkConfig(yaml('books', secret('[redacted]')));
    const note = await process.bring(yaml('books', secret('[redacted]')), base);
    expect(note).toMatchObject({ version, previous: base, way: 'import', words: 'Added: books. Removed: shop.' });
    expect(process.running.config()).toMatchObject({ gateway: { explainToken: TOKEN }, services: [{ name: 'books' }] });
    expect(readFileSync(process.file, 'utf8')).toBe(yaml('books', secret(TOKEN)));
    expect(await process.list()).toMatchObject([{ id: version, who: 'Ada', way: 'import' }, { id: base }]);
    // Another person looked at a difference that isn't one any more.
    await expect(process.bring(yaml('third'), base)).rejects.toMatchObject({ code: 'conflict' });
    await expect(process.restore(version!)).rejects.toMatchObject({ code: 'conflict' });
    await expect(process.restore('0123456789ab')).rejects.toMatchObject({ code: 'not_found' });
    expect(await process.restore(base)).toMatchObject({ version: base, previous: version, way: 'restore' });
    expect(readFileSync(process.file, 'utf8')).toBe(yaml('shop', secret(TOKEN)));
    expect(readdirSync(process.dataDir)).toEqual(['pitwall.yaml']);
    expect(await process.list()).toHaveLength(3);
    expect(await process.configVersion(version!, 'running')).toMatchObject({ against: base });
    expect(await process.configVersion(base, version!)).toMatchObject({ against: version });
    // Without a token that runs there is none to put in its place.
    await process.bring(yaml('bare'));
    await expect(process.restore(base)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringMatching(/^The configuration can’t run:\n1:\d+ gateway\.explainToken: it’s hidden here/),
    });
  });

  it('comes alone: neither a second one nor a trial gets between', async () => {
    const process = start({ kind: 'console' }, yaml('shop'));
    const first = process.bring(yaml('books'));
    await expect(process.bring(yaml('third'))).rejects.toMatchObject({ code: 'conflict' });
    expect(await first).toMatchObject({ way: 'import' });
    const late = process.bring(yaml('fourth'));
    await scene.pass(0);
    trials.active = true;
    await expect(late).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/being tried/) });
    expect(process.running.text()).toBe(yaml('books'));
    expect(readdirSync(process.dataDir)).toEqual(['pitwall.yaml']);
  });

  it('that is refused leaves everything as it was', async () => {
    const process = start({ kind: 'console' }, yaml('shop'));
    await process.recorder.settled();
    await expect(process.bring('services: []\n')).rejects.toMatchObject({ code: 'validation_failed' });
    refusal = new PitwallError('gateway_unavailable', 'No worker runs.');
    await expect(process.bring(yaml('books'))).rejects.toMatchObject({ code: 'gateway_unavailable' });
    expect(process.running.text()).toBe(yaml('shop'));
    expect(readdirSync(process.dataDir)).toEqual([]);
    expect(await process.list()).toHaveLength(1);
    const nowhere = start({ kind: 'console' }, yaml('shop'), { PITWALL_DATA_DIR: join(root, 'none') });
    refusal = undefined;
    await expect(nowhere.bring(yaml('books'))).rejects.toMatchObject({ code: 'data_dir_unwritable' });
  });

  it('can’t come where others say what runs: each says why', async () => {
    const why = async (process: ReturnType<typeof start>): Promise<string | null | undefined> => {
      const { running } = await process.configVersions({ limit: 1 });
      if (typeof running?.readOnly === 'string') {
        await expect(process.bring(yaml('books'))).rejects.toMatchObject({
          code: 'conflict',
          message: running.readOnly,
        });
      }
      return running?.readOnly;
    };
    expect(await why(start({ kind: 'console' }, yaml('shop')))).toBeNull();
    const file = { PITWALL_CONFIG: '/etc/pitwall.yaml' };
    expect(await why(start({ kind: 'file', file: '/etc/pitwall.yaml' }, yaml('shop'), file))).toMatch(
      /^PITWALL_CONFIG names \/etc\/pitwall\.yaml/,
    );
    const upstream = { PITWALL_UPSTREAM: 'http://127.0.0.1:9' };
    expect(await why(start({ kind: 'upstream', url: 'http://127.0.0.1:9' }, yaml('shop'), upstream))).toMatch(
      /^PITWALL_UPSTREAM/,
    );
    trials.active = true;
    expect(await why(start({ kind: 'console' }, yaml('shop')))).toMatch(/being tried/);
    others = true;
    expect(await why(start({ kind: 'console' }, yaml('shop')))).toMatch(/Other instances/);
    const alone = start({ kind: 'console' }, yaml('shop'), {}, { gateway: undefined, recorder: undefined });
    expect((await alone.configVersions({ limit: 1 })).running).toBeNull();
    await expect(alone.bring(yaml('books'))).rejects.toMatchObject({ code: 'conflict' });
    await expect(alone.checkConfig(yaml('books'))).rejects.toMatchObject({ code: 'not_found' });
    expect(() => alone.configYaml()).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
