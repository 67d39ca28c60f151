import { describe, expect, it } from 'vitest';
import type { GatewayEvent } from '../../../lib/contracts/control.ts';
import type { Config } from '../../../lib/contracts/policy.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { config, FakeThread, harness, mode, settle } from './gateways-scene.ts';

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
    const next: Config = { ...config };
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

  it('gets no mode of a service that has gone meanwhile, even if another of its name has come', async () => {
    const { create, threads, fire } = await harness({ workers: 1 });
    const gateways = await create();
    await gateways.command(mode('a'));
    await gateways.command({ type: 'configure', config: { ...config, services: [] } });
    await gateways.command({ type: 'configure', config });
    threads[0]!.die(1);
    await settle();
    await fire();
    expect(threads[1]!.commands).toEqual([]);
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
    const next: Config = { ...config };
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
