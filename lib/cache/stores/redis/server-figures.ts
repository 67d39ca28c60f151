import type { Cluster, Redis } from 'ioredis';
import type { LevelStats } from '../../level.ts';

/** What the servers say of themselves, summed over a cluster's masters. */
export interface ServerFigures extends LevelStats {
  /** What stands in the way of a cache, in sentences for people; empty when nothing does. */
  readonly warnings: readonly string[];
}

export const NO_FIGURES: ServerFigures = { entries: 0, bytes: 0, budgetBytes: 0, evictions: 0, warnings: [] };

/** One INFO per server. */
export async function readFigures(client: Redis | Cluster): Promise<ServerFigures> {
  const servers = 'nodes' in client ? client.nodes('master') : [client];
  const all = await Promise.all(servers.map(async (server) => serverFigures(await server.info())));
  return all.reduce(sum, NO_FIGURES);
}

function sum(one: ServerFigures, other: ServerFigures): ServerFigures {
  return {
    entries: one.entries + other.entries,
    bytes: one.bytes + other.bytes,
    budgetBytes: one.budgetBytes + other.budgetBytes,
    evictions: one.evictions + other.evictions,
    warnings: [...new Set([...one.warnings, ...other.warnings])],
  };
}

/** @param info the answer to INFO, lines of `name:value` */
export function serverFigures(info: string): ServerFigures {
  const text = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? '';
  const number = (name: string): number => Number(text(name)) || 0;
  const budgetBytes = number('maxmemory');
  const policy = text('maxmemory_policy');
  const warnings: string[] = [];
  if (budgetBytes === 0) {
    warnings.push(
      'Redis has no maxmemory: it grows until the machine has no memory left. Set maxmemory, and the policy volatile-lru.',
    );
  } else if (policy === 'noeviction') {
    warnings.push(
      'Redis refuses writes when it is full (maxmemory-policy noeviction): what is new is not kept. Set volatile-lru.',
    );
  } else if (policy.startsWith('allkeys')) {
    warnings.push(
      `Redis may evict the clear log (maxmemory-policy ${policy}), and what was cleared would come back. Set volatile-lru.`,
    );
  }
  let entries = 0;
  for (const [, keys] of info.matchAll(/^db\d+:keys=(\d+)/gm)) entries += Number(keys);
  return { entries, bytes: number('used_memory'), budgetBytes, evictions: number('evicted_keys'), warnings };
}
