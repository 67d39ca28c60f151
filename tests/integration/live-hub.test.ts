import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../lib/contracts/control.ts';
import { LIVE_NAMESPACE, overviewSchema, overviewTickSchema, type OverviewTick } from '../../lib/contracts/overview.ts';
import { OVERVIEW_CHANGES, type Change } from '../../lib/contracts/changes.ts';
import { MAX_FILTERS } from '../../lib/live/tail.ts';
import { eventually } from '../support/eventually.ts';
import { closeAll, hub, record, records, type Client } from '../support/live-hub.ts';

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

describe('changes', () => {
  const change = (id: string, title = id): Change => ({
    id,
    at: 1,
    kind: 'mode',
    service: 'chat',
    tone: 'neutral',
    title,
    detail: null,
    instance: null,
    jobId: null,
  });

  it('are told to all who watch, together, each in its newest form', async () => {
    const { client, changes } = await hub();
    const [one, other, tailing] = await Promise.all([client(), client(), client()]);
    await one.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await other.socket.emitWithAck('watch', { service: 'chat', range: '5m' });
    await tailing.socket.emitWithAck('tail', {});
    changes.emit(change('a'));
    changes.emit(change('b'));
    changes.emit(change('a', 'newer'));
    await eventually(() => expect(other.got('change')).toHaveLength(2));
    await eventually(() => expect(one.got('change')).toMatchObject([{ id: 'a', title: 'newer' }, { id: 'b' }]));
    changes.emit(change('c'));
    await eventually(() => expect(one.got('change')).toHaveLength(3));
    expect(tailing.got('change')).toEqual([]);
  });

  it('that are more than an overview carries come with the next overview', async () => {
    const { client, changes, second } = await hub();
    const one = await client();
    await one.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await eventually(() => expect(one.got('overview')).toHaveLength(1));
    for (let i = 0; i <= OVERVIEW_CHANGES; i++) changes.emit(change(String(i)));
    await eventually(() => {
      second();
      expect(one.got('overview')).toHaveLength(2);
    });
    expect(one.got('change')).toEqual([]);
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
    const { client, requests, listeners } = await hub();
    const [one, other] = await Promise.all([client(), client()]);
    await one.socket.emitWithAck('tail', {});
    requests(records(300), 1);
    requests(records(300), 2);
    requests(records(10));
    expect(listeners.size).toBe(1);
    await eventually(() => expect(one.got('requests')).toHaveLength(1));
    const [batch] = one.got('requests') as { records: RequestRecord[]; dropped: number }[];
    expect([batch?.records.length, batch?.dropped]).toEqual([500, 113]);
    requests([record(7)]);
    await eventually(() => expect(one.got('requests')).toHaveLength(2));
    expect(one.got('requests')[1]).toMatchObject({ records: [{ id: '7' }], dropped: 0 });
    expect(other.got('requests')).toEqual([]);
  });
});

describe('filters', () => {
  const lines = (client: Client): string[] =>
    (client.got('requests') as { records: RequestRecord[] }[]).flatMap((batch) => batch.records.map(({ id }) => id));

  it('are a client’s own, and can be changed', async () => {
    const { client, requests } = await hub();
    const [all, errors] = await Promise.all([client(), client()]);
    await all.socket.emitWithAck('tail', {});
    await errors.socket.emitWithAck('tail', { statuses: ['5xx'] });
    requests([record(1), { ...record(2), status: 503 }], 4);
    await eventually(() => expect(lines(all)).toEqual(['1', '2']));
    await eventually(() => expect(errors.got('requests')).toMatchObject([{ records: [{ id: '2' }], dropped: 4 }]));
    requests([record(3)]);
    await eventually(() => expect(lines(all)).toEqual(['1', '2', '3']));
    // Nothing passed, nothing was dropped: nothing is sent.
    expect(errors.got('requests')).toHaveLength(1);
    await errors.socket.emitWithAck('tail', { text: '/' });
    requests([record(4)]);
    await eventually(() => expect(lines(errors)).toEqual(['2', '4']));
  });

  it('that make no sense are refused in words, and the old one stays', async () => {
    const { client, requests } = await hub();
    const one = await client();
    await one.socket.emitWithAck('tail', { services: ['chat'] });
    expect(await one.socket.emitWithAck('tail', { statuses: ['nonsense'] })).toMatchObject({
      code: 'validation_failed',
      detail: "The filter of a tail isn't valid: statuses.0: expected 404 or 5xx.",
    });
    requests([{ ...record(1), service: 'other' }, record(2)]);
    await eventually(() => expect(lines(one)).toEqual(['2']));
  });

  it('are at most so many at once; who shares one or changes its own is let in', async () => {
    const { client } = await hub({ clients: MAX_FILTERS + 2 });
    const clients = await Promise.all(Array.from({ length: MAX_FILTERS + 1 }, () => client()));
    const [last, ...first] = clients as [Client, ...Client[]];
    const tail = ({ socket }: Client, text: string) => socket.emitWithAck('tail', { text }) as Promise<object>;
    expect(await Promise.all(first.map((each, i) => tail(each, `t${i}`)))).toEqual(first.map(() => ({ ok: true })));
    expect(await tail(last, 'one more')).toMatchObject({ code: 'too_many_requests' });
    expect(await tail(last, 't0')).toEqual({ ok: true });
    expect(await tail(first[1]!, 'another')).toEqual({ ok: true });
    expect(await tail(last, 'yet another')).toMatchObject({ code: 'too_many_requests' });
  });

  it('leave out what is beyond a batch of their own', async () => {
    const { client, requests } = await hub();
    const one = await client();
    await one.socket.emitWithAck('tail', { statuses: ['503'] });
    requests(Array.from({ length: 1_200 }, (_, i) => ({ ...record(i), status: i % 2 === 0 ? 503 : 200 })));
    await eventually(() => expect(one.got('requests')).toHaveLength(1));
    const [batch] = one.got('requests') as { records: RequestRecord[]; dropped: number }[];
    expect([batch?.records.length, batch?.dropped]).toEqual([500, 100]);
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
