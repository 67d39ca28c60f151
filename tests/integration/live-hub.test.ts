import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../lib/contracts/control.ts';
import { LIVE_NAMESPACE, overviewSchema, overviewTickSchema, type OverviewTick } from '../../lib/contracts/overview.ts';
import { eventually } from '../support/eventually.ts';
import { closeAll, hub, record, records } from '../support/live-hub.ts';

afterEach(closeAll);

describe('watch', () => {
  it('answers with the whole overview at once and then a tick a second', async () => {
    const { client, second, live } = await hub();
    second();
    const one = await client();
    expect(await one.socket.emitWithAck('watch', { service: 'all', range: '5m' })).toEqual({ ok: true });
    await eventually(() => expect(one.got('overview')).toHaveLength(1));
    const overview = overviewSchema.parse(one.got('overview')[0]);
    expect(overview).toMatchObject({ service: 'all', range: '5m', summary: { requestsPerSecond: 5 } });
    expect(live.watchers()).toBe(1);
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
    expect(overviewTickSchema.parse(one.got('tick')[0]).sample.answered.l2).toBe(5);
  });

  it('works over polling and without an acknowledgement', async () => {
    const { client, second } = await hub();
    second();
    const one = await client({ transports: ['polling'] });
    one.socket.emit('watch', { service: 'chat', range: '1m' });
    await eventually(() => expect(one.got('overview')).toHaveLength(1));
    await eventually(() => {
      second();
      expect(one.got('tick').length).toBeGreaterThan(1);
    });
  });

  it('makes a tick once per topic, whoever watches it, and none for nobody', async () => {
    const { client, second, asked } = await hub();
    second();
    expect(asked.ticks).toEqual([]);
    const clients = await Promise.all([client(), client(), client()]);
    const watches = [
      { service: 'all', range: '1m' },
      { service: 'all', range: '1m' },
      { service: 'chat', range: '5m' },
    ];
    await Promise.all(clients.map(({ socket }, i) => socket.emitWithAck('watch', watches[i])));
    second();
    await eventually(() => expect(clients.map(({ got }) => got('tick').length)).toEqual([1, 1, 1]));
    expect(asked.ticks).toHaveLength(2);
    expect(clients.map(({ got }) => (got('tick')[0] as OverviewTick).service)).toEqual(['all', 'all', 'chat']);
  });

  it('moves a client to what it asked for last', async () => {
    const { client, second, live } = await hub();
    const one = await client();
    await one.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await one.socket.emitWithAck('watch', { service: 'chat', range: '15m' });
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
    expect(one.got('tick')[0]).toMatchObject({ service: 'chat', range: '15m' });
    expect(live.watchers()).toBe(1);
    one.socket.disconnect();
    await eventually(() => expect(live.watchers()).toBe(0));
  });

  it('tells the watchers of a service that a reload has taken away, once; the others go on', async () => {
    const { client, second, services } = await hub();
    const [one, other] = await Promise.all([client(), client()]);
    await one.socket.emitWithAck('watch', { service: 'chat', range: '1m' });
    await other.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    services.delete('chat');
    second();
    second();
    await eventually(() => expect(other.got('tick')).toHaveLength(2));
    expect(one.got('problem')).toMatchObject([{ code: 'not_found', detail: 'No service "chat".' }]);
    expect(one.got('tick')).toEqual([]);
  });
});

describe('tail', () => {
  it('listens to the gateway only while somebody tails', async () => {
    const { client, listeners, live } = await hub();
    const [one, other] = await Promise.all([client(), client()]);
    expect(listeners.size).toBe(0);
    await one.socket.emitWithAck('tail', {});
    await one.socket.emitWithAck('tail', {});
    await other.socket.emitWithAck('tail', {});
    expect(listeners.size).toBe(1);
    expect(live.watchers()).toBe(2);
    expect(await one.socket.emitWithAck('untail', {})).toEqual({ ok: true });
    expect(listeners.size).toBe(1);
    other.socket.disconnect();
    await eventually(() => expect(listeners.size).toBe(0));
    await one.socket.emitWithAck('tail', {});
    expect(listeners.size).toBe(1);
  });

  it('gathers lines into batches of at most 500 and counts what it leaves out', async () => {
    const { client, requests } = await hub();
    const [one, other] = await Promise.all([client(), client()]);
    await one.socket.emitWithAck('tail', {});
    requests(records(300), 1);
    requests(records(300), 2);
    requests(records(10));
    await eventually(() => expect(one.got('requests')).toHaveLength(1));
    const [batch] = one.got('requests') as { records: RequestRecord[]; dropped: number }[];
    expect([batch?.records.length, batch?.dropped]).toEqual([500, 113]);
    requests([record(7)]);
    await eventually(() => expect(one.got('requests')).toHaveLength(2));
    expect(one.got('requests')[1]).toMatchObject({ records: [{ id: '7' }], dropped: 0 });
    expect(other.got('requests')).toEqual([]);
  });
});

describe('frames', () => {
  it('above 1 KiB are compressed where the client can', async () => {
    const { client, second, io } = await hub({}, 'a'.repeat(100_000));
    const one = await client();
    await one.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await eventually(() => expect(one.got('overview')).toHaveLength(1));
    const request = [...io.of(LIVE_NAMESPACE).sockets.values()][0]?.request as IncomingMessage;
    expect(request.headers['sec-websocket-extensions']).toContain('permessage-deflate');
    const before = request.socket.bytesWritten;
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
    expect(request.socket.bytesWritten - before).toBeLessThan(5_000);
  });
});
