import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';
import { rawClient } from '../../support/raw-client.ts';
import { gate, type Script } from '../../support/scripted-origin.ts';

const { origin, gateway, open, get } = gatewayScene();

/** Resolves once `count` requests sit in flights or wait for one. */
const connected = (count: number): Promise<void> =>
  eventually(async () => expect((await gateway.snapshot()).connections).toBe(count));

/** Holds every answer until opened; "answer n for <cookie>". */
function held(headers: Record<string, string>): { open(): void } {
  const hold = gate();
  const script: Script = (request, response) => {
    const number = origin.seen.length;
    void hold.opened.then(() => {
      response.writeHead(200, headers);
      response.end(`answer ${number} for ${request.headers.cookie ?? 'nobody'}`);
    });
  };
  origin.script(script);
  return hold;
}

describe('failure and leaving', () => {
  it('a failure in the body resets every reader and stores nothing', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': '100' });
      response.write('half');
      void hold.opened.then(() => response.destroy());
    });
    const asked = [1, 2, 3].map(() => get());
    const settled = Promise.allSettled(asked);
    await connected(3);
    await origin.arrived(1);
    hold.open();
    for (const { status } of await settled) expect(status).toBe('rejected');
    await eventually(async () => expect((await gateway.route()).aborted).toBe(3));
    expect((await gateway.snapshot()).levels[1]?.entries).toBe(0);
    origin.reply({ 'Cache-Control': 'max-age=60' }, 'whole');
    expect((await get()).text).toBe('whole');
  });

  it('a failure before the head gives every reader the same problem, each with its own id', async () => {
    await open();
    const hold = gate();
    origin.script((request) => void hold.opened.then(() => request.socket.destroy()));
    const asked = [1, 2, 3].map(() => get());
    await connected(3);
    await origin.arrived(1);
    hold.open();
    const answers = await Promise.all(asked);
    const problems = answers.map(({ text }) => JSON.parse(text) as { code: string; instance: string });
    expect(problems.map(({ code }) => code)).toEqual(Array(3).fill('origin_reset'));
    expect(new Set(problems.map(({ instance }) => instance)).size).toBe(3);
    // One call and one retry.
    expect(origin.seen).toHaveLength(2);
  });

  it('the leader may leave: followers get it all, and it is stored', async () => {
    await open();
    const hold = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60' });
      response.write('first ');
      void hold.opened.then(() => response.end('last'));
    });
    const leader = await rawClient(gateway.port);
    leader.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await leader.until(/first/);
    const follower = await rawClient(gateway.port);
    follower.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await follower.until(/first/);
    leader.end();
    await connected(1);
    expect(origin.seen[0]?.abandoned).toBe(false);
    hold.open();
    expect(await follower.closed()).toMatch(/first [^]*last/);
    expect((await get('/', { headers: { Host: 'x' } })).headers['cache-status']).toContain('hit');
  });

  it('the last to leave ends the origin call', async () => {
    await open();
    held({ 'Cache-Control': 'max-age=60' });
    const clients = await Promise.all([1, 2, 3].map(() => rawClient(gateway.port)));
    for (const client of clients) client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await connected(3);
    await origin.arrived(1);
    for (const client of clients.slice(1)) client.end();
    await connected(1);
    expect(origin.seen[0]?.abandoned).toBe(false);
    clients[0]?.end();
    await eventually(() => expect(origin.seen[0]?.abandoned).toBe(true));
    await eventually(async () => {
      expect(await gateway.snapshot()).toMatchObject({ inFlight: 0 });
      expect(await gateway.route()).toMatchObject({ aborted: 3 });
    });
  });

  it('a reader that lags past the window is cut; the fast one gets everything', async () => {
    await open({ policy: { maxEntry: '64KiB' } });
    const total = 24 * 1_048_576;
    const go = gate();
    origin.script((_, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Transfer-Encoding': 'chunked' });
      response.write('start');
      const chunk = Buffer.alloc(65_536);
      let sent = 0;
      const more = (): void => {
        while (sent < total) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      void go.opened.then(more);
    });
    const slow = await rawClient(gateway.port);
    const fast = get('/big', { headers: { Host: 'x' } });
    await origin.arrived(1);
    slow.send('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
    await slow.until(/start/);
    slow.socket.pause();
    go.open();
    expect((await fast).body).toHaveLength(total + 5);
    slow.socket.resume();
    await slow.closed();
    expect(slow.text().length).toBeLessThan(total);
    expect(origin.seen).toHaveLength(1);
    expect((await gateway.route()).aborted).toBe(1);
  });
});
