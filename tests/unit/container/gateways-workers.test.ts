import { describe, expect, it } from 'vitest';
import type { GatewayEvent } from '../../../lib/contracts/control.ts';
import { harness, settle } from './gateways-scene.ts';

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
