import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { overviewSchema, type OverviewTick } from '../../lib/contracts/overview.ts';
import { problemSchema } from '../../lib/contracts/problem.ts';
import { eventually } from '../support/eventually.ts';
import { closeAll, held, hub, noise, open, record, records, silence, sip } from '../support/live-hub.ts';

afterEach(closeAll);

describe('bad clients', () => {
  it.each([
    ['watch', undefined],
    ['watch', null],
    ['watch', 'all'],
    ['watch', { service: 'all', range: '2y' }],
    ['watch', { service: 'x'.repeat(64), range: '1m' }],
    ['watch', { service: ['all'], range: '1m' }],
    ['drop-tables', {}],
    ['__proto__', {}],
  ])('%s %j is answered with a problem', async (event, message) => {
    const { client, second } = await hub();
    const one = await client();
    const problem = problemSchema.parse(await one.socket.emitWithAck(event, message));
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
    one.socket.emit(event, message);
    await eventually(() => expect(one.got('problem')).toMatchObject([{ code: 'validation_failed' }]));
    expect(await one.socket.emitWithAck('watch', { service: 'all', range: '1m' })).toEqual({ ok: true });
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
  });

  it('that ask for a service that is not served are told so', async () => {
    const { client } = await hub();
    const one = await client();
    const problem = await one.socket.emitWithAck('watch', { service: 'nobody', range: '1m' });
    expect(problem).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('that send more than they may are told why and disconnected; others are not', async () => {
    const { client, second, asked } = await hub({ messages: 5 });
    const [one, other] = await Promise.all([client(), client()]);
    await other.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const left = once(one.socket as never, 'disconnect');
    for (let i = 0; i < 500; i++) one.socket.emit('watch', { service: 'all', range: '1m' });
    expect((await left)[0]).toBe('io server disconnect');
    expect(one.got('problem')).toMatchObject([{ status: 429, code: 'too_many_requests' }]);
    expect(asked.overviews.length).toBeLessThanOrEqual(6);
    second();
    await eventually(() => expect(other.got('tick')).toHaveLength(1));
  });

  it('beyond the limit of clients are turned away with the reason; a place that is left is free again', async () => {
    const { client, url } = await hub({ clients: 2 });
    const [one] = await Promise.all([client(), client()]);
    const third = open(url);
    const [error] = (await once(third.socket as never, 'connect_error')) as [Error & { data: unknown }];
    expect(error.data).toMatchObject({ status: 503, code: 'too_many_connections' });
    one.socket.disconnect();
    await eventually(async () => {
      const fourth = open(url);
      await new Promise((resolve, reject) =>
        fourth.socket.on('connect', () => resolve(null)).on('connect_error', reject),
      );
    });
  });

  it('that read nothing get fewer frames, not a growing buffer, and then the whole picture', async () => {
    // 256 KiB a frame that deflate can't shrink much: the kernel's buffers are full after a few dozen
    const { client, second, io } = await hub({}, noise(256 * 1_024));
    const [silent, healthy] = await Promise.all([client(), client()]);
    await silent.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await healthy.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const resume = silence(silent);
    let most = 0;
    for (let n = 1; n <= 60; n++) {
      second();
      await eventually(() => expect(healthy.got('tick')).toHaveLength(n));
      most = Math.max(most, held(io).frames);
    }
    await eventually(() => expect(held(io).frames).toBe(1));
    expect(most).toBe(1);
    expect(held(io).bytes).toBeLessThan(1_048_576);

    resume();
    await eventually(() => expect(held(io).frames).toBe(0));
    const overviews = silent.got('overview').length;
    second();
    await eventually(() => expect(silent.got('overview').length).toBeGreaterThan(overviews));
    const whole = overviewSchema.parse(silent.got('overview').at(-1));
    expect(whole.samples).toHaveLength(60);
    expect(whole.samples.every(({ known }) => known)).toBe(true);
    expect(silent.got('tick').length).toBeLessThan(60);
    second();
    await eventually(() => expect(silent.got('tick').at(-1)).toMatchObject({ sample: { at: 1_062_000 } }));
  });

  it('that read slower than ticks come get fewer of them, never a backlog, and delay nobody', async () => {
    const { client, second, io } = await hub({}, noise(256 * 1_024));
    const [slow, healthy] = await Promise.all([client(), client()]);
    for (const { socket } of [slow, healthy]) await socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const resume = silence(slow);
    let most = { frames: 0, bytes: 0 };
    for (let n = 1; n <= 80; n++) {
      second();
      sip(slow);
      await eventually(() => expect(healthy.got('tick')).toHaveLength(n));
      const now = held(io);
      most = { frames: Math.max(most.frames, now.frames), bytes: Math.max(most.bytes, now.bytes) };
    }
    expect(most.frames).toBe(1);
    expect(most.bytes).toBeLessThan(1_048_576);
    expect(slow.socket.connected).toBe(true);
    resume();
    await eventually(() => expect(held(io).frames).toBe(0));
    second();
    // Up to date again, by a tick or the overview that repaired the gap.
    const newest = (event: string): number => (slow.got(event).at(-1) as OverviewTick).to;
    await eventually(() => expect(Math.max(newest('tick'), newest('overview'))).toBe(1_081_000));
    expect(slow.got('overview').length).toBeGreaterThan(1);
    expect(slow.got('tick').length).toBeLessThan(80);
  });

  it('that miss lines are told how many', async () => {
    const { client, second, io, requests } = await hub({}, noise(256 * 1_024));
    const [silent, healthy] = await Promise.all([client(), client()]);
    await silent.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await silent.socket.emitWithAck('tail', {});
    await healthy.socket.emitWithAck('tail', {});
    const resume = silence(silent);
    await eventually(() => {
      second();
      expect(held(io).frames).toBe(1);
    }, 15_000);
    requests(records(40), 2);
    await eventually(() => expect(healthy.got('requests')).toHaveLength(1));
    expect(healthy.got('requests')[0]).toMatchObject({ dropped: 2 });
    resume();
    await eventually(() => expect(held(io).frames).toBe(0));
    requests([record(99)]);
    await eventually(() => expect(silent.got('requests')).toHaveLength(1));
    expect(silent.got('requests')[0]).toMatchObject({ records: [{ id: '99' }], dropped: 42 });
    await eventually(() => expect(healthy.got('requests')[1]).toMatchObject({ dropped: 0 }));
  });

  it('that read nothing and keep asking are cut', async () => {
    const { client, second, io, clock, live } = await hub({}, noise(256 * 1_024));
    const [hostile, healthy] = await Promise.all([client(), client()]);
    await healthy.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    hostile.socket.emit('watch', { service: 'all', range: '1m' });
    await eventually(() => expect(live.watchers()).toBe(2));
    silence(hostile);
    let most = 0;
    await eventually(() => {
      // each question would be answered with 256 KiB, and each is acknowledged
      for (let i = 0; i < 15; i++) hostile.socket.emit('watch', { service: 'all', range: '1m' }, () => undefined);
      clock.advance(10_000);
      second();
      const { frames, bytes } = held(io);
      most = Math.max(most, frames);
      expect(bytes).toBeLessThan(4 * 1_048_576);
      expect(live.watchers()).toBe(1);
    }, 15_000);
    expect(most).toBeLessThan(200);
    await eventually(() => expect(healthy.got('tick').length).toBeGreaterThan(0));
  });
});
