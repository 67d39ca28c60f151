import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';
import { closeAll, hub, open } from '../support/live-hub.ts';

afterEach(closeAll);

const handshake = (url: string): Promise<Response> => fetch(`${url}/socket.io/?EIO=4&transport=polling`);

/** The id of a new polling session. */
async function session(url: string): Promise<string> {
  const text = await (await handshake(url)).text();
  return (JSON.parse(text.slice(1)) as { sid: string }).sid;
}

describe('sessions below the namespace', () => {
  it('are bounded, however many are opened; who is there is served on, and places come back', async () => {
    const { client, second, url, io } = await hub({}, '', { sessions: 300, joinMs: 300 });
    const one = await client();
    await one.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, async () => {
          const answer = await handshake(url);
          return [answer.status, await answer.text()] as const;
        }),
      );
      expect(io.engine.clientsCount).toBeLessThanOrEqual(300);
      for (const [status, text] of answers) if (status !== 200) expect(text).toContain('Too many live sessions');
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1_048_576);
    second();
    await eventually(() => expect(one.got('tick')).toHaveLength(1));
    // Those that never joined are gone, without anything of theirs being waited for.
    await eventually(() => expect(io.engine.clientsCount).toBe(1), 15_000);
    const other = await client({ transports: ['polling'] });
    expect(await other.socket.emitWithAck('watch', { service: 'all', range: '1m' })).toEqual({ ok: true });
  });

  it('over WebSocket that never join are closed', async () => {
    const { url, io } = await hub({}, '', { joinMs: 100 });
    const sockets = Array.from(
      { length: 20 },
      () => new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
    await eventually(() => expect(io.engine.clientsCount).toBe(0));
  });

  it('that send garbage are ended; nobody else is', async () => {
    const { client, second, url, io } = await hub();
    const healthy = await client();
    await healthy.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const garbage = [
      '4',
      '9',
      '42',
      '40/live,{',
      '42/live,["watch"',
      '451-["x",{"_placeholder":true,"num":0}]',
      '\u0000',
    ];
    for (const text of garbage) {
      const sid = await session(url);
      const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
        method: 'POST',
        body: text,
      });
      await answer.text();
    }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    socket.send('40/live,');
    socket.send('42/live,not json');
    await closed;
    second();
    await eventually(() => expect(healthy.got('tick')).toHaveLength(1));
    expect(io.of('/live').sockets.size).toBe(1);
  });

  it.each(['polling', 'websocket'])('whose messages are larger than 64 KiB are ended (%s)', async (transport) => {
    const { client, second } = await hub();
    const [huge, healthy] = [await client({ transports: [transport] }), await client()];
    await healthy.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    const left = once(huge.socket as never, 'disconnect');
    huge.socket.emit('watch', { service: 'x'.repeat(70_000), range: '1m' });
    await left;
    second();
    await eventually(() => expect(healthy.got('tick')).toHaveLength(1));
  });

  it('may come and go in a storm: nothing stays behind', async () => {
    const { client, second, url, io, live } = await hub();
    const healthy = await client();
    await healthy.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    for (let round = 0; round < 10; round++) {
      const crowd = Array.from({ length: 50 }, () => open(url));
      // Half leave before they are there, half as soon as they watch.
      await Promise.all(
        crowd.map(async ({ socket }, i) => {
          if (i % 2 === 0) return void socket.disconnect();
          await once(socket as never, 'connect');
          await socket.emitWithAck('watch', { service: 'all', range: '5m' });
          socket.disconnect();
        }),
      );
    }
    await eventually(() => expect(io.engine.clientsCount).toBe(1));
    expect(live.watchers()).toBe(1);
    second();
    await eventually(() => expect(healthy.got('tick')).toHaveLength(1));
  });

  it('that stop in the middle of a handshake hold nothing', async () => {
    const { url, io } = await hub();
    const { port } = new URL(url);
    const sockets = Array.from({ length: 100 }, () => connect(Number(port), '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (const socket of sockets) socket.write('GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\n');
    expect(io.engine.clientsCount).toBe(0);
    for (const socket of sockets) socket.destroy();
  });
});

describe('clients that ask for nothing', () => {
  it('are told and leave after a minute; those that watch or tail stay', async () => {
    const { client, second } = await hub();
    const [idle, watching, tailing] = await Promise.all([client(), client(), client()]);
    await watching.socket.emitWithAck('watch', { service: 'all', range: '1m' });
    await tailing.socket.emitWithAck('tail', {});
    const left = once(idle.socket as never, 'disconnect');
    for (let n = 0; n < 59; n++) second();
    await eventually(() => expect(watching.got('tick').length).toBeGreaterThan(0));
    expect(idle.socket.connected).toBe(true);
    second();
    await left;
    expect(idle.got('problem')).toMatchObject([{ code: 'request_timeout' }]);
    expect([watching.socket.connected, tailing.socket.connected]).toEqual([true, true]);
    // The minute starts when a client stops asking.
    await tailing.socket.emitWithAck('untail', {});
    const gone = once(tailing.socket as never, 'disconnect');
    for (let n = 0; n < 60; n++) second();
    await gone;
  });
});
