import { hash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';

/** A Lua script, by its text and what Redis calls it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export function script(text: string): Script {
  return { text, sha: hash('sha1', text) };
}

/**
 * Runs a script by its name, or by its text where Redis doesn't know it yet. Rejects as the client does.
 *
 * @param keys whole names, in a cluster all of one slot
 */
export async function runScript(
  client: Redis | Cluster,
  { text, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(text, keys.length, ...keys, ...args);
  }
}
