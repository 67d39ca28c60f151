import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { startRedis, type RedisServer } from './redis.ts';

/** A master, a replica and three sentinels that replace a silent master after 500 ms. */
export interface RedisSentinels {
  readonly url: string;
  readonly sentinels: readonly RedisServer[];
  /** The server that is the master now. */
  master(): Promise<RedisServer>;
  /** Asks the sentinels to exchange master and replica; resolves when they have. */
  failover(): Promise<void>;
  /** SIGKILL; resolves when the replica has taken over. */
  killMaster(): Promise<void>;
  stop(): Promise<void>;
}

const NAME = 'main';
const QUORUM = 2;
const FAILOVER_MS = 20_000;

export async function startSentinel(): Promise<RedisSentinels> {
  const first = await startRedis();
  const second = await startRedis({
    config: { replicaof: `127.0.0.1 ${first.port}`, 'repl-diskless-sync-delay': '0' },
  });
  const servers = [first, second];
  const sentinels: RedisServer[] = [];
  for (let i = 0; i < 3; i++) sentinels.push(await startOneSentinel(first.port));
  const [asked] = sentinels as [RedisServer];

  async function master(sentinel = asked): Promise<RedisServer> {
    const answer = (await sentinel.command('SENTINEL', 'get-master-addr-by-name', NAME)) as [string, string];
    const found = servers.find(({ port }) => port === Number(answer[1]));
    if (found === undefined) throw new Error(`no server of ours is the master: ${answer.join(' ')}`);
    return found;
  }

  /** Waits until another than `old` is the master, for every sentinel and for itself. */
  async function replaced(old: RedisServer): Promise<void> {
    await eventually(async () => {
      for (const sentinel of sentinels) {
        const now = await master(sentinel);
        if (now === old) throw new Error('the old master is still the master');
        const [role] = (await now.command('ROLE')) as [string];
        if (role !== 'master') throw new Error(`the new master says that it is a ${role}`);
      }
    }, FAILOVER_MS);
  }

  await eventually(async () => {
    const link = (await second.command('INFO', 'replication')) as string;
    if (!link.includes('master_link_status:up')) throw new Error('the replica has no link');
    for (const sentinel of sentinels) {
      const said = (await sentinel.command('SENTINEL', 'CKQUORUM', NAME)) as string;
      const [, replicas] = /slaves=(\d+)/.exec((await sentinel.command('INFO', 'sentinel')) as string) ?? [];
      if (!said.startsWith('OK 3') || replicas !== '1') throw new Error(`not complete: ${said}, ${replicas} replicas`);
    }
  }, FAILOVER_MS);

  return {
    url: `redis-sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    sentinels,
    master: () => master(),
    async failover() {
      const old = await master();
      await eventually(() => asked.command('SENTINEL', 'FAILOVER', NAME), FAILOVER_MS);
      await replaced(old);
    },
    async killMaster() {
      const old = await master();
      await old.kill();
      await replaced(old);
    },
    async stop() {
      await Promise.all([...sentinels, ...servers].map((server) => server.stop()));
    },
  };
}

async function startOneSentinel(masterPort: number): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-redis-'));
  const file = join(directory, 'sentinel.conf');
  const lines = [
    `monitor ${NAME} 127.0.0.1 ${masterPort} ${QUORUM}`,
    `down-after-milliseconds ${NAME} 500`,
    `failover-timeout ${NAME} 3000`,
  ];
  writeFileSync(file, lines.map((line) => `sentinel ${line}\n`).join(''));
  return startRedis({ directory, args: [file, '--sentinel'] });
}
