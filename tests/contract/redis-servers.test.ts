import { afterAll, expect, it } from 'vitest';
import { startCluster } from '../support/redis-cluster.ts';
import { startSentinel } from '../support/redis-sentinel.ts';
import { startRedis } from '../support/redis.ts';

const started: { stop(): Promise<void> }[] = [];
afterAll(() => Promise.all(started.map((server) => server.stop())));

async function begin<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  started.push(server);
  return server;
}

it('starts, freezes, kills and restarts a server', async () => {
  const server = await begin(startRedis({ password: 'a b', config: { appendonly: 'yes', appendfsync: 'always' } }));
  await server.command('SET', 'a', '1');
  server.freeze();
  const late = server.command('GET', 'a');
  server.thaw();
  expect(await late).toBe('1');
  await server.kill();
  await server.restart();
  expect(await server.command('GET', 'a')).toBe('1');
  await server.flush();
  expect(await server.command('GET', 'a')).toBeNull();
});

it('fails over between master and replica', async () => {
  const sentinels = await begin(startSentinel());
  const first = await sentinels.master();
  await sentinels.failover();
  const second = await sentinels.master();
  expect(second.port).not.toBe(first.port);
  await sentinels.killMaster();
  expect((await sentinels.master()).port).toBe(first.port);
}, 120_000);

it('makes a cluster and moves slots with their keys', async () => {
  const cluster = await begin(startCluster({ replicas: true }));
  const [one, two] = cluster.masters as [(typeof cluster.masters)[0], (typeof cluster.masters)[0]];
  const slot = 12_182; // CLUSTER KEYSLOT foo
  await (cluster.masters[2] as typeof one).command('SET', 'foo', 'bar');
  await cluster.reshard(2, 0, [slot]);
  expect(await one.command('GET', 'foo')).toBe('bar');
  await expect(two.command('GET', 'foo')).rejects.toThrow(`MOVED ${slot} 127.0.0.1:${one.port}`);
}, 120_000);
