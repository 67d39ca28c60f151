import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { spawnRedis } from './redis-process.ts';

/** A redis-server of the test's own. Stop it in afterAll; it ends with the test run in any case. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** Sends one command over a connection of the test's own; waits while the server is away. */
  command(name: string, ...args: (string | number | Buffer)[]): Promise<unknown>;
  /** SIGKILL: what isn't on disk is lost. */
  kill(): Promise<void>;
  /** On the same port and directory, after `kill`; resolves when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  freeze(): void;
  thaw(): void;
  /** FLUSHALL. */
  flush(): Promise<void>;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Lines of redis.conf: `{ maxmemory: '10mb', appendonly: 'yes' }`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Arguments before all others: a configuration file, `--sentinel`. */
  readonly args?: readonly string[];
  readonly directory?: string;
  readonly password?: string;
}

const START_MS = 5_000;
const STARTS = 3;

/** Starts redis-server on a free port of the loopback, without persistence; resolves when it answers. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'pitwall-redis-'));
  for (let start = 1; ; start++) {
    try {
      return await startOn(await freePort(), directory, options);
    } catch (error) {
      // Somebody else may have taken the port meanwhile.
      if (start === STARTS) throw error;
    }
  }
}

async function startOn(port: number, directory: string, options: RedisServerOptions): Promise<RedisServer> {
  const { args = [], config = {}, password } = options;
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    ...(password === undefined ? {} : { requirepass: password, masterauth: password }),
    ...(args.includes('--sentinel') ? {} : { save: '' }),
    ...config,
  };
  const all = [...args, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])];
  let process_ = await spawnRedis(directory, all);
  const client = new Redis({
    port,
    host: '127.0.0.1',
    ...(password === undefined ? {} : { password }),
    maxRetriesPerRequest: null,
    retryStrategy: () => 20,
  });
  client.on('error', () => undefined);

  async function answers(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`redis-server didn't answer:\n${readFileSync(join(directory, 'redis.log'), 'utf8')}`));
      }, START_MS);
    });
    await Promise.race([client.ping(), late]).finally(() => clearTimeout(timer));
  }

  const server: RedisServer = {
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    port,
    directory,
    command: (name, ...given) => client.call(name, ...given),
    kill: () => process_.kill(),
    async restart() {
      process_ = await spawnRedis(directory, all);
      await answers();
    },
    freeze: () => void process.kill(process_.pid, 'SIGSTOP'),
    thaw: () => void process.kill(process_.pid, 'SIGCONT'),
    async flush() {
      await client.flushall();
    },
    async stop() {
      client.disconnect();
      await process_.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await answers();
    return server;
  } catch (error) {
    client.disconnect();
    await process_.kill();
    throw error;
  }
}
