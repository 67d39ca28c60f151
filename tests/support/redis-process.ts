import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

/** One redis-server that runs until it's ended, or until the process that started it ends, however that ends. */
export interface RedisProcess {
  readonly pid: number;
  /** SIGKILL; resolves when it's gone. Also when it's stopped by SIGSTOP. */
  kill(): Promise<void>;
}

/**
 * The shell in between waits for the end of its input, which comes even when this process is killed, and takes the
 * server with it.
 */
const KEEPER = '"$@" >>redis.log 2>&1 & echo $!; cat >/dev/null; kill -9 $!; wait $! 2>/dev/null; true';

/** Starts redis-server in `directory`; it may not answer yet. */
export async function spawnRedis(directory: string, args: readonly string[]): Promise<RedisProcess> {
  const keeper: ChildProcessWithoutNullStreams = spawn('sh', ['-c', KEEPER, 'keeper', 'redis-server', ...args], {
    cwd: directory,
  });
  keeper.stdin.on('error', () => undefined);
  const gone = once(keeper, 'close');
  const [pid] = (await once(keeper.stdout, 'data')) as [Buffer];
  return {
    pid: Number(pid.toString()),
    async kill() {
      keeper.stdin.end();
      await gone;
    },
  };
}
