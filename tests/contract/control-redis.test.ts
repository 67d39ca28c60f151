import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayCommand, GatewayControl, GatewayEvent, GatewaySnapshot } from '../../lib/contracts/control.ts';
import { createControlBus, MAX_MESSAGE, type ControlBus } from '../../lib/gateway/control-bus.ts';
import { createControlRegistry } from '../../lib/gateway/control-registry.ts';
import { serveRedisControl, type ServedControl } from '../../lib/gateway/control-server.ts';
import { createForgetNotices, MOST_WAITING } from '../../lib/gateway/forget-notices.ts';
import { createRedisControls, type RedisControls } from '../../lib/gateway/redis-control.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { controlRedis } from '../support/control-redis.ts';
import { eventually } from '../support/eventually.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

let redis: RedisServer;
let fleets = 0;
let prefix: string;
let closing: (() => unknown)[] = [];
const said: string[] = [];
/** Instances that are about to end. */
const ending = new Set<string>();

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function process_(): Promise<ControlBus> {
  const connections = await controlRedis(redis.url);
  closing.push(() => connections.close());
  return createControlBus(connections, prefix);
}

/** A gateway that remembers what it was told. */
function gateway() {
  const commands: GatewayCommand[] = [];
  const listeners = new Set<(event: GatewayEvent) => void>();
  let reading: object = { worker: 0 };
  const control: GatewayControl = {
    snapshot: () => Promise.resolve(reading as GatewaySnapshot),
    command(command) {
      commands.push(command);
      return Promise.resolve();
    },
    subscribe(_topic, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { control, commands, listeners, say: (next: object) => (reading = next) };
}

async function serve(instance: string, { control }: ReturnType<typeof gateway>, id = instance): Promise<ServedControl> {
  const served = serveRedisControl(await process_(), {
    info: () => ({ instance, id, workers: 1, url: 'http://x', configError: null, draining: ending.has(instance) }),
    controls: [control],
    all: control,
    describe: () => ({ about: instance }),
    clock: systemClock,
    logger: { debug() {}, info() {}, warn() {}, error: (message) => void said.push(message) },
  });
  closing.push(() => served.close());
  return served;
}

async function watch(): Promise<RedisControls> {
  const controls = createRedisControls(await process_(), { id: `console-${Math.random()}` });
  closing.push(() => controls.close());
  return controls;
}

const MODE = { type: 'set-mode', service: 's', mode: 'bypass', reason: 'r', until: undefined } as const;

describe('control over Redis', () => {
  it('lists who is there, and takes off who ends in peace', async () => {
    prefix = `p${++fleets}:`;
    const controls = await watch();
    const one = await serve('one', gateway());
    await serve('two', gateway());
    await eventually(() =>
      expect(controls.instances().map(({ instance, alive }) => [instance, alive])).toEqual([
        ['one', true],
        ['two', true],
      ]),
    );
    expect(await controls.describe('one')).toEqual({ about: 'one' });
    ending.add('one');
    await eventually(() => expect(controls.instances()).toMatchObject([{ draining: true }, { draining: false }]));
    expect(await controls.describe('one')).toEqual({ about: 'one' });
    await one.close();
    ending.clear();
    await eventually(() => expect(controls.instances().map(({ instance }) => instance)).toEqual(['two']));
    await expect(controls.describe('one')).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await expect(controls.control('two', 7).snapshot()).rejects.toMatchObject({
      code: 'gateway_unavailable',
      message: 'two has no gateway worker 7.',
    });
  });

  it('says loudly that two processes have one name', async () => {
    prefix = `p${++fleets}:`;
    await serve('twin', gateway(), 'first');
    await serve('twin', gateway(), 'second');
    await eventually(() => expect(said.filter((line) => line.includes('named twin too'))).not.toEqual([]));
  });

  it('brings modes to who wasn’t there when they were set, unless their time is over', async () => {
    prefix = `p${++fleets}:`;
    const controls = await watch();
    await controls.keepMode(MODE);
    await controls.keepMode({ ...MODE, service: 'over', until: 1 });
    const late = gateway();
    await serve('late', late);
    await eventually(() => expect(late.commands).toEqual([MODE]));
    await controls.keepMode({ ...MODE, mode: 'cache' });
    await eventually(() => expect(late.commands).toEqual([MODE, { ...MODE, mode: 'cache' }]));
  });

  it('ends what a console listens to that has gone without a word', async () => {
    prefix = `p${++fleets}:`;
    const told = gateway();
    await serve('one', told);
    const controls = await watch();
    const gone = await watch();
    const events: GatewayEvent[] = [];
    controls.control('one', 0).subscribe('mode', (event) => events.push(event));
    gone.control('one', 0).subscribe('breaker', () => undefined);
    await eventually(() => expect(told.listeners.size).toBe(2));
    // Its connections break: nothing is renewed any more.
    closing.splice(closing.length - 2, 1)[0]?.();
    await eventually(() => expect(told.listeners.size).toBe(1), 10_000);
    for (const listener of told.listeners) {
      listener({ type: 'mode', service: 's', from: 'cache', to: 'bypass', at: 1, why: 'w' });
    }
    await eventually(() => expect(events).toMatchObject([{ type: 'mode', why: 'w' }]));
  });

  it('refuses a message that is too long, at either end, and hears no nonsense', async () => {
    prefix = `p${++fleets}:`;
    const talkative = gateway();
    await serve('one', talkative);
    const controls = await watch();
    await eventually(() => expect(controls.instances()).toHaveLength(1));
    talkative.say({ text: 'x'.repeat(MAX_MESSAGE) });
    await expect(controls.control('one', 0).snapshot()).rejects.toMatchObject({
      code: 'gateway_unavailable',
      message: expect.stringContaining('at most') as string,
    });
    const long = { ...MODE, reason: 'x'.repeat(MAX_MESSAGE) };
    await expect(controls.command('one', long)).rejects.toMatchObject({ code: 'gateway_unavailable' });
    const strange = [
      '{"v":1}',
      '{"v":1,"from":"z","changed":[null]}',
      '{"v":1,"from":"z","ask":"listen"}',
      '{"v":1,"from":"z","ask":"listen","topics":[null]}',
      '{"v":1,"from":"z","ask":"command","id":1,"command":null}',
      '{"v":1,"ask":"snapshot"}',
    ];
    for (const text of ['{', 'null', '7', '{"v":0}', '"x"', ...strange]) {
      await redis.command('publish', `${prefix}control:to:one`, text);
      await redis.command('publish', `${prefix}control:forget`, text);
    }
    await redis.command('hset', `${prefix}control:fleet`, 'i:bad', '1 {', 'i:old', '1 {"v":0}', 'm:x', '{');
    await redis.command('hset', `${prefix}control:fleet`, 'i:soon', '99999999999999 {"v":0}', 'm:y', '{"v":0}');
    for (const [i, info] of [
      { instance: null, id: 'a', url: 'u', workers: 1 },
      { instance: 'many', id: 'b', url: 'u', workers: 1e9 },
      { instance: 'few', id: 'c', url: 'u', workers: -1 },
      { instance: 'x'.repeat(5_000), id: 'd', url: 'u', workers: 1 },
    ].entries()) {
      const text = JSON.stringify({ v: 1, configError: null, ...info });
      await redis.command('hset', `${prefix}control:fleet`, `i:strange${i}`, `99999999999999 ${text}`);
    }
    talkative.say({ worker: 0 });
    expect(await controls.control('one', 0).snapshot()).toEqual({ worker: 0 });
    await eventually(async () => expect(await redis.command('hexists', `${prefix}control:fleet`, 'i:old')).toBe(0));
    expect(controls.instances().map(({ instance }) => instance)).toEqual(['one']);
    expect(await createControlRegistry(await process_()).modes()).toEqual([]);
  });

  it('finds all again after Redis was frozen, flushed and killed; meanwhile nothing hangs', async () => {
    prefix = `p${++fleets}:`;
    const there = gateway();
    await serve('one', there);
    const controls = await watch();
    const events: GatewayEvent[] = [];
    controls.control('one', 0).subscribe('mode', (event) => events.push(event));
    await eventually(() => expect(there.listeners.size).toBe(1));

    redis.freeze();
    const start = performance.now();
    await expect(controls.control('one', 0).snapshot()).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await eventually(() => expect(controls.instances()).toMatchObject([{ alive: false }]));
    expect(performance.now() - start).toBeLessThan(6_000);
    redis.thaw();
    await eventually(async () => expect(await controls.control('one', 0).snapshot()).toEqual({ worker: 0 }));

    await redis.flush();
    await eventually(() => expect(controls.instances()).toMatchObject([{ instance: 'one', alive: true }]));

    await redis.kill();
    await expect(controls.control('one', 0).snapshot()).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await redis.restart();
    await eventually(async () => expect(await controls.control('one', 0).snapshot()).toEqual({ worker: 0 }));
    await eventually(() => expect(there.listeners.size).toBe(1));
    for (const listener of there.listeners) {
      listener({ type: 'mode', service: 's', from: 'cache', to: 'bypass', at: 1, why: 'back' });
    }
    await eventually(() => expect(events).toMatchObject([{ why: 'back' }]));
  });
});

describe('notices of what unsafe requests have changed', () => {
  it('reach the others, not oneself, once per key, and not without bound', async () => {
    prefix = `p${++fleets}:`;
    const heard: string[] = [];
    const [here, there] = await Promise.all([process_(), process_()]);
    const own = createForgetNotices(here, { id: 'here', onForget: (key) => heard.push(`own ${key}`) });
    const other = createForgetNotices(there, { id: 'there', onForget: (key, url) => heard.push(`${key} ${url}`) });
    await eventually(() => {
      if (heard.length === 0) own.tell('first', 'u');
      expect(heard).not.toEqual([]);
    });
    await eventually(() => expect(heard.every((line) => line === 'first u')).toBe(true));
    heard.length = 0;
    for (let i = 0; i < 2_500; i++) own.tell(`k${i % 1_250}`, 'u');
    own.tell('x'.repeat(1_100_000), 'long');
    own.tell('after', 'u');
    own.close();
    await eventually(() => expect(heard).toHaveLength(1_252));
    expect(heard.at(-1)).toBe('after u');
    other.close();
  });

  it('are dropped past their bound', async () => {
    prefix = `p${++fleets}:`;
    const sent: string[] = [];
    const bus = {
      publish: (_channel: string, message: unknown) => {
        sent.push(...(message as { changed: [string, string][] }).changed.map(([key]) => key));
        return Promise.resolve();
      },
      subscribe: () => () => undefined,
    };
    const notices = createForgetNotices(bus as unknown as ControlBus, { id: 'a', onForget: () => undefined });
    for (let i = 0; i <= MOST_WAITING; i++) notices.tell(`${i}`, '');
    await eventually(() => expect(sent).toHaveLength(MOST_WAITING), 10_000);
    expect(sent).not.toContain(String(MOST_WAITING));
    notices.close();
  });
});
