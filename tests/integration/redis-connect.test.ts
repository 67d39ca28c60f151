import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis, type RedisConnection, type RedisState } from '../../lib/storage/redis/connect.ts';
import { eventually } from '../support/eventually.ts';
import { startCluster, type RedisCluster } from '../support/redis-cluster.ts';
import { startSentinel, type RedisSentinels } from '../support/redis-sentinel.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

let server: RedisServer;
let sentinels: RedisSentinels;
let cluster: RedisCluster;
const opened: RedisConnection[] = [];

beforeAll(async () => {
  [server, sentinels, cluster] = await Promise.all([
    startRedis({ password: 'geheim' }),
    startSentinel(),
    startCluster(),
  ]);
}, 120_000);
afterAll(async () => {
  for (const connection of opened) connection.close();
  await Promise.all([server.stop(), sentinels.stop(), cluster.stop()]);
});

function open(url: string, commandTimeoutMs?: number) {
  const states: RedisState[] = [];
  const connection = openRedis(url, {
    name: 'pitwall:test',
    random: () => 0.5,
    ...(commandTimeoutMs === undefined ? {} : { commandTimeoutMs }),
    onState: (state) => states.push(state),
  });
  opened.push(connection);
  return {
    connection,
    states,
    ready: () => eventually(() => expect(connection.state).toEqual({ kind: 'ready' }), 10_000),
  };
}

it('refuses a URL that names no Redis, without quoting it', () => {
  expect(() => open('redis//:geheim@host')).toThrow(expect.objectContaining({ code: 'config_invalid' }) as Error);
  expect(() => open('redis//:geheim@host')).not.toThrow(/geheim/);
});

it('refuses commands while the server is away, keeps none, and connects again by itself', async () => {
  const { connection, states, ready } = open(server.url);
  await expect(connection.client.get('a')).rejects.toThrow();
  expect(connection.state).toMatchObject({
    kind: 'away',
    why: expect.stringContaining("isn't connected yet") as string,
  });
  await ready();
  expect(await connection.client.client('GETNAME')).toBe('pitwall:test');
  await server.kill();
  await eventually(() => expect(connection.state.kind).toBe('away'));
  await expect(connection.client.set('a', '1')).rejects.toThrow();
  await server.restart();
  await ready();
  expect(await connection.client.get('a')).toBeNull();
  expect(states.filter(({ kind }) => kind === 'ready')).toHaveLength(2);
  expect(JSON.stringify(states)).toContain(`Redis at 127.0.0.1:${server.port} can't be reached`);
  expect(JSON.stringify(states)).not.toContain('geheim');
});

it('fails what a server that was killed owes', async () => {
  const { connection, ready } = open(server.url);
  await ready();
  server.freeze();
  const owed = connection.client.set('owed', '1');
  const failed = expect(owed).rejects.toThrow();
  await server.kill();
  await failed;
  await server.restart();
  await ready();
  expect(await connection.client.get('owed')).toBeNull();
});

it('gives up a connection on which a frozen server says nothing, and has a new one once it speaks again', async () => {
  const { connection, ready } = open(server.url, 200);
  await ready();
  server.freeze();
  await eventually(() => expect(connection.state.kind).toBe('away'));
  server.thaw();
  await ready();
  expect(await connection.client.ping()).toBe('PONG');
});

it('says why the server refuses it, and tries on', async () => {
  const { connection } = open(server.url.replace('geheim', 'falsch'));
  await eventually(() =>
    expect(connection.state).toMatchObject({ why: expect.stringMatching(/WRONGPASS .*[^.]\.$/) as string }),
  );
});

it('follows the master that the sentinels name', async () => {
  const { connection, ready } = open(sentinels.url);
  await ready();
  await connection.client.set('a', '1');
  await sentinels.failover();
  await eventually(async () => expect(await connection.client.set('a', '2')).toBe('OK'), 10_000);
  await sentinels.killMaster();
  await eventually(async () => expect(await connection.client.set('a', '3')).toBe('OK'), 10_000);
}, 120_000);

it('goes on without the sentinel that it asked first', async () => {
  const [first] = sentinels.sentinels as [RedisServer];
  const { connection, ready } = open(sentinels.url);
  await ready();
  await first.kill();
  const other = open(sentinels.url);
  await other.ready();
  expect(await connection.client.ping()).toBe('PONG');
  await first.restart();
}, 20_000);

it('finds each key in a cluster, also after its slot has moved', async () => {
  const { connection, ready } = open(cluster.url);
  await ready();
  const keys = ['foo', 'bar', 'baz'];
  for (const key of keys) await connection.client.set(key, key);
  await cluster.reshard(2, 0, [12_182]); // CLUSTER KEYSLOT foo
  for (const key of keys) expect(await connection.client.get(key)).toBe(key);
});

it('comes back to a cluster that was away as a whole', async () => {
  const { connection, ready } = open(cluster.url, 200);
  await ready();
  await Promise.all(cluster.masters.map((master) => master.kill()));
  await eventually(() => expect(connection.state.kind).toBe('away'), 10_000);
  await Promise.all(cluster.masters.map((master) => master.restart()));
  await ready();
  await eventually(async () => expect(await connection.client.set('foo', 'again')).toBe('OK'), 10_000);
}, 40_000);

it('goes on where the client has given up for good', async () => {
  const { connection, ready } = open(server.url);
  await ready();
  connection.client.disconnect();
  await eventually(() => expect(connection.client.status).toBe('end'));
  expect(connection.state.kind).toBe('away');
  await ready();
  expect(await connection.client.ping()).toBe('PONG');
});

it('says why a server without TLS is not reached by rediss://', async () => {
  const { connection, states } = open(server.url.replace('redis://', 'rediss://'));
  const unreached = /^Redis at 127\.0\.0\.1:\d+ can't be reached: .+/;
  await eventually(() => expect(connection.state).toMatchObject({ why: expect.stringMatching(unreached) as string }));
  expect(JSON.stringify(states)).not.toContain('geheim');
});

it('says and does nothing more once it is closed', async () => {
  const { connection, states, ready } = open(server.url);
  await ready();
  connection.close();
  const said = states.length;
  await expect(connection.client.ping()).rejects.toThrow();
  await eventually(() => expect(connection.client.status).toBe('end'));
  expect(states).toHaveLength(said);
});
