import { describe, expect, it } from 'vitest';
import { createGateways, type GatewaysOptions } from '../../../lib/container/gateways.ts';
import type { GatewayCommand, GatewayEvent, GatewaySnapshot, GatewayTopic } from '../../../lib/contracts/control.ts';
import { DEFAULT_GATEWAY, type Config } from '../../../lib/contracts/policy.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';

type Start = Parameters<GatewaysOptions['start']>[0];

/** A gateway thread that dies and answers on demand. */
class FakeThread {
  readonly commands: GatewayCommand[] = [];
  readonly listeners = new Map<GatewayTopic, Set<(event: GatewayEvent) => void>>();
  readonly exited: Promise<number>;
  readonly asked: Start;
  readonly port: number;
  readonly url: string;
  die: (code: number) => void = () => undefined;
  silent = false;
  refuse: PitwallError | undefined;
  closedWith: number | undefined;

  constructor(asked: Start) {
    this.asked = asked;
    this.port = asked.port === 0 ? 5_000 : asked.port;
    this.url = `http://${asked.host}:${this.port}`;
    this.exited = new Promise((resolve) => (this.die = resolve));
  }

  readonly control = {
    snapshot: () =>
      this.silent
        ? new Promise<GatewaySnapshot>(() => undefined)
        : Promise.resolve({ worker: this.asked.worker } as GatewaySnapshot),
    command: async (command: GatewayCommand) => {
      if (this.refuse !== undefined) throw this.refuse;
      this.commands.push(command);
    },
    subscribe: (topic: GatewayTopic, listener: (event: GatewayEvent) => void) => {
      const set = this.listeners.get(topic) ?? new Set();
      this.listeners.set(topic, set.add(listener));
      return () => void set.delete(listener);
    },
  };

  async close(graceMs: number): Promise<void> {
    this.closedWith = graceMs;
    this.die(0);
  }
}

const config: Config = { gateway: DEFAULT_GATEWAY, services: [] };
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

async function harness(override: Partial<GatewaysOptions> = {}) {
  const threads: FakeThread[] = [];
  const said: string[] = [];
  const timers: { ms: number; run: () => void; cancelled: boolean }[] = [];
  const probed: number[] = [];
  let failure: Error | undefined;
  const clock = manualClock(1_000_000);
  const create = () =>
    createGateways({
      workers: 2,
      instance: 'i',
      host: '127.0.0.1',
      port: 0,
      config,
      start: async (options) => {
        if (failure !== undefined) throw failure;
        const thread = new FakeThread(options);
        threads.push(thread);
        return thread;
      },
      probe: async (_host, port) => void probed.push(port),
      clock,
      after(ms, run) {
        const timer = { ms, run, cancelled: false };
        timers.push(timer);
        return () => (timer.cancelled = true);
      },
      logger: { debug() {}, info: (m) => void said.push(m), warn() {}, error: (m) => void said.push(m) },
      ...override,
    });
  return {
    create,
    threads,
    said,
    timers,
    probed,
    clock,
    failWith: (error: Error | undefined) => (failure = error),
    due: () => timers.filter(({ cancelled }) => !cancelled),
    async fire() {
      const [timer] = timers.splice(0, 1);
      timer?.run();
      await settle();
      return timer?.ms;
    },
  };
}

const mode = (service: string, until?: number) =>
  ({ type: 'set-mode', service, mode: 'bypass', reason: 'test', until }) as const;

describe('gateways of one process', () => {
  it('share the port that the first one got, and are asked and commanded together', async () => {
    const { create, threads } = await harness();
    const gateways = await create();
    expect(threads.map(({ asked }) => [asked.worker, asked.port, asked.reusePort])).toEqual([
      [0, 0, true],
      [1, 5_000, true],
    ]);
    expect(gateways.port).toBe(5_000);
    expect((await gateways.snapshots(1_000)).map((snapshot) => snapshot?.worker)).toEqual([0, 1]);
    await gateways.command({ type: 'reopen-log' });
    expect(threads.map(({ commands }) => commands.length)).toEqual([1, 1]);
  });

  it('look whether a shared port is free, and leave a port of their own to the listener', async () => {
    const shared = await harness({ port: 8_080 });
    await shared.create();
    expect(shared.probed).toEqual([8_080]);
    const single = await harness({ port: 8_080, workers: 1 });
    await single.create();
    expect(single.probed).toEqual([]);
    expect(single.threads[0]?.asked.reusePort).toBe(false);
  });

  it('count a worker that is silent past the deadline, or that fails, as missing', async () => {
    const { create, threads, timers } = await harness({ workers: 3 });
    const gateways = await create();
    threads[1]!.silent = true;
    threads[2]!.control.snapshot = () => Promise.reject(new PitwallError('gateway_unavailable', 'gone'));
    const answer = gateways.snapshots(1_000);
    await settle();
    for (const timer of timers) if (!timer.cancelled) timer.run();
    expect((await answer).map((snapshot) => snapshot?.worker)).toEqual([0, undefined, undefined]);
  });

  it('close the others when one can’t start', async () => {
    const { threads, create } = await harness({
      start: async (options) => {
        if (options.worker === 1) throw new PitwallError('port_in_use', 'taken');
        const thread = new FakeThread(options);
        threads.push(thread);
        return thread;
      },
    });
    await expect(create()).rejects.toMatchObject({ code: 'port_in_use' });
    expect(threads[0]?.closedWith).toBe(0);
  });
});

describe('a worker that dies', () => {
  it('is said loudly and started again on the same port, with configuration, modes and listeners', async () => {
    const { create, threads, said, fire, clock } = await harness();
    const gateways = await create();
    const events: GatewayEvent[] = [];
    const end = gateways.subscribe('mode', (event) => events.push(event));
    await gateways.command(mode('a'));
    await gateways.command(mode('b', clock.wall() + 500));
    threads[1]!.die(7);
    await settle();
    expect(said).toEqual(['Gateway worker 1 died with exit code 7; starting it again in 1 s.']);
    expect((await gateways.snapshots(1_000))[1]).toBeUndefined();
    const next: Config = { ...config, services: [] };
    await gateways.command({ type: 'configure', config: next });
    clock.advance(1_000);
    await fire();
    while (threads.length < 3) await fire();
    const healed = threads[2]!;
    expect(healed.asked).toMatchObject({ worker: 1, port: 5_000 });
    expect(healed.asked.config).toBe(next);
    expect(healed.commands).toEqual([mode('a')]);
    expect(said.at(-1)).toBe('Gateway worker 1 runs again.');
    for (const listener of healed.listeners.get('mode') ?? []) listener({ type: 'requests', records: [], dropped: 0 });
    expect(events).toHaveLength(1);
    end();
    expect(healed.listeners.get('mode')?.size).toBe(0);
  });

  it('is started after 1, 2, 4 … 30 s, and after 1 s again once it held for a minute', async () => {
    const { create, threads, failWith, fire, due, clock } = await harness({ workers: 1 });
    await create();
    failWith(new Error('no memory'));
    threads[0]!.die(1);
    await settle();
    const pauses: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 6; attempt++) pauses.push(await fire());
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    failWith(undefined);
    await fire();
    clock.advance(60_000);
    threads[1]!.die(1);
    await settle();
    expect(due().map(({ ms }) => ms)).toEqual([1_000]);
  });

  it('gets what was commanded while it started', async () => {
    let release: (() => void) | undefined;
    const { create, threads, fire } = await harness({
      start: async (options) => {
        if (threads.length === 2) await new Promise<void>((resolve) => (release = resolve));
        const thread = new FakeThread(options);
        threads.push(thread);
        return thread;
      },
    });
    const gateways = await create();
    threads[1]!.die(1);
    await settle();
    await fire();
    const next: Config = { ...config, services: [] };
    await gateways.command({ type: 'configure', config: next });
    await gateways.command(mode('a'));
    release?.();
    await settle();
    expect(threads[2]!.commands).toEqual([{ type: 'configure', config: next }, mode('a')]);
  });

  it('isn’t started again once everything closes', async () => {
    const { create, threads, due, fire } = await harness();
    const gateways = await create();
    threads[1]!.die(1);
    await settle();
    await gateways.close(2_000);
    expect(due()).toEqual([]);
    expect(threads[0]?.closedWith).toBe(2_000);
    await gateways.close(0);
    expect(threads[0]?.closedWith).toBe(2_000);
    await fire();
    expect(threads.slice(2).every(({ closedWith }) => closedWith === 0)).toBe(true);
  });
});

describe('a command that a worker refuses', () => {
  it('fails, and no later worker gets it', async () => {
    const { create, threads, fire } = await harness();
    const gateways = await create();
    await gateways.command(mode('a'));
    threads[0]!.refuse = new PitwallError('not_found', 'no such service');
    await expect(gateways.command(mode('ghost'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(gateways.command({ ...mode('a'), mode: 'observe' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(gateways.command({ type: 'configure', config: { ...config } })).rejects.toMatchObject({
      code: 'not_found',
    });
    threads[0]!.die(1);
    await settle();
    await fire();
    expect(threads[2]?.asked.config).toBe(config);
    expect(threads[2]?.commands).toEqual([mode('a')]);
  });

  it('fails when no worker runs', async () => {
    const { create, threads } = await harness({ workers: 1 });
    const gateways = await create();
    threads[0]!.die(1);
    await settle();
    await expect(gateways.command({ type: 'reopen-log' })).rejects.toMatchObject({ code: 'gateway_unavailable' });
  });

  it('is said when it was the catching up that failed', async () => {
    const { create, threads, said, fire } = await harness({
      start: async (options) => {
        const thread = new FakeThread(options);
        if (threads.length === 2) thread.refuse = new PitwallError('internal', 'confused');
        threads.push(thread);
        return thread;
      },
    });
    const gateways = await create();
    await gateways.command(mode('a'));
    threads[0]!.die(1);
    await settle();
    await fire();
    expect(said.at(-1)).toBe("Gateway worker 0 didn't catch up: confused");
  });
});

describe('one worker of several', () => {
  it('is asked, commanded and listened to by itself, whatever becomes of its thread', async () => {
    const { create, threads, fire } = await harness();
    const gateways = await create();
    const [, second] = gateways.controls;
    const events: GatewayEvent[] = [];
    const end = second!.subscribe('mode', (event) => events.push(event));
    expect([threads[0]!.listeners.get('mode')?.size, threads[1]!.listeners.get('mode')?.size]).toEqual([undefined, 1]);
    expect(await second!.snapshot()).toEqual({ worker: 1 });
    await second!.command({ type: 'reopen-log' });
    expect(threads.map(({ commands }) => commands.length)).toEqual([0, 1]);
    threads[1]!.die(1);
    await settle();
    await expect(second!.snapshot()).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await expect(second!.command({ type: 'reopen-log' })).rejects.toMatchObject({ code: 'gateway_unavailable' });
    await fire();
    expect(await second!.snapshot()).toEqual({ worker: 1 });
    for (const listener of threads[2]!.listeners.get('mode') ?? [])
      listener({ type: 'requests', records: [], dropped: 0 });
    expect(events).toHaveLength(1);
    end();
    expect(threads[2]!.listeners.get('mode')?.size).toBe(0);
  });

  it('has the others forget what an unsafe request through it has changed', async () => {
    const told: string[] = [];
    const { create, threads } = await harness({ onInvalidated: (key, url) => told.push(`${key} ${url}`) });
    await create();
    const saw = (worker: number, event: GatewayEvent): void => {
      for (const listener of threads[worker]!.listeners.get('invalidated') ?? []) listener(event);
    };
    saw(1, { type: 'invalidated', key: 'k', url: 'u' });
    saw(1, { type: 'requests', records: [], dropped: 0 });
    expect(threads[0]!.commands).toEqual([{ type: 'forget', key: 'k', url: 'u' }]);
    expect(threads[1]!.commands).toEqual([]);
    expect(told).toEqual(['k u']);
  });

  it('isn’t watched for changes where there is nobody to tell', async () => {
    const { create, threads } = await harness({ workers: 1 });
    await create();
    expect(threads[0]!.listeners.get('invalidated')).toBeUndefined();
  });
});
