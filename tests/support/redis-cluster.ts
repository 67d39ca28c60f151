import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { startRedis, type RedisServer } from './redis.ts';

/** Three masters that share the slots evenly, each with a replica where asked for. */
export interface RedisCluster {
  readonly url: string;
  readonly masters: readonly RedisServer[];
  /** One per master, in their order, or none. */
  readonly replicas: readonly RedisServer[];
  /** Moves slots with their keys from the master with index `from` to that with index `to`, one by one. */
  reshard(from: number, to: number, slots: readonly number[]): Promise<void>;
  /** The slots that the master with this index had at the start: from, to (both within). */
  range(master: number): readonly [number, number];
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;
const AGREED_MS = 20_000;
const MIGRATE_MS = 5_000;

export async function startCluster({ replicas: withReplicas = false } = {}): Promise<RedisCluster> {
  const buses = new Map<RedisServer, number>();
  const start = async (): Promise<RedisServer> => {
    const bus = await freePort();
    const server = await startRedis({
      config: {
        'cluster-enabled': 'yes',
        'cluster-port': String(bus),
        'cluster-node-timeout': '1000',
        'repl-diskless-sync-delay': '0',
      },
    });
    buses.set(server, bus);
    return server;
  };
  const masters = await Promise.all(Array.from({ length: MASTERS }, start));
  const replicas = withReplicas ? await Promise.all(Array.from({ length: MASTERS }, start)) : [];
  const all = [...masters, ...replicas];
  const idOf = async (server: RedisServer): Promise<string> => (await server.command('CLUSTER', 'MYID')) as string;
  const range = (master: number): readonly [number, number] => [
    Math.floor((master * SLOTS) / MASTERS),
    Math.floor(((master + 1) * SLOTS) / MASTERS) - 1,
  ];

  for (const [i, master] of masters.entries()) {
    await master.command('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    await master.command('CLUSTER', 'ADDSLOTSRANGE', ...range(i));
  }
  const [first] = masters as [RedisServer];
  for (const server of all.slice(1)) {
    await first.command('CLUSTER', 'MEET', '127.0.0.1', server.port, buses.get(server) as number);
  }
  await eventually(async () => {
    for (const server of all) await knows(server, all.length);
  }, AGREED_MS);
  for (const [i, replica] of replicas.entries()) {
    const id = await idOf(masters[i] as RedisServer);
    await eventually(() => replica.command('CLUSTER', 'REPLICATE', id), AGREED_MS);
  }
  await eventually(async () => {
    for (const server of all) {
      const info = (await server.command('CLUSTER', 'INFO')) as string;
      if (!info.includes('cluster_state:ok')) throw new Error('the cluster is not ok');
    }
    for (const replica of replicas) {
      const link = (await replica.command('INFO', 'replication')) as string;
      if (!link.includes('master_link_status:up')) throw new Error('a replica has no link');
    }
  }, AGREED_MS);

  return {
    url: `redis-cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters,
    replicas,
    range,
    async reshard(from, to, slots) {
      const [source, target] = [masters[from] as RedisServer, masters[to] as RedisServer];
      const [sourceId, targetId] = [await idOf(source), await idOf(target)];
      for (const slot of slots) {
        await target.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId);
        await source.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId);
        for (;;) {
          const keys = (await source.command('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
          if (keys.length === 0) break;
          await source.command('MIGRATE', '127.0.0.1', target.port, '', 0, MIGRATE_MS, 'KEYS', ...keys);
        }
        for (const server of [target, source]) await server.command('CLUSTER', 'SETSLOT', slot, 'NODE', targetId);
      }
    },
    async stop() {
      await Promise.all(all.map((server) => server.stop()));
    },
  };
}

async function knows(server: RedisServer, count: number): Promise<void> {
  const info = (await server.command('CLUSTER', 'INFO')) as string;
  if (!info.includes(`cluster_known_nodes:${count}`)) throw new Error('a node does not know the others');
}
