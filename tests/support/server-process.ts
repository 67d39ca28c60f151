import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** Node 24 of the lockfile, where the one that runs the tests may be older. */
const NODE =
  [join(ROOT, 'node_modules/.bin/node'), process.execPath].find((path) => existsSync(path)) ?? process.execPath;
const READY_MS = 60_000;

export interface ServerProcess {
  readonly pid: number;
  /** Everything that it printed, both streams, in order. */
  output(): string;
  /** Resolves with the match once the output has it; rejects when the process ends before, or at the deadline. */
  prints(pattern: RegExp, deadlineMs?: number): Promise<RegExpMatchArray>;
  signal(name: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it if it still runs, and removes its data directory. */
  stop(): Promise<void>;
}

export interface ReadyServer extends ServerProcess {
  /** Of the console's port; in a gateway alone it has only what machines ask. */
  readonly consoleUrl: string;
  /** Empty in a console alone. */
  readonly gatewayUrl: string;
}

/**
 * Starts `node server.ts` as a child on free ports, as `npm start` would, without waiting for anything.
 *
 * @param env variables over the defaults; nothing else is inherited but PATH
 * @param nodeArguments flags for Node itself
 */
export function spawnServer(env: Record<string, string> = {}, nodeArguments: readonly string[] = []): ServerProcess {
  const data = mkdtempSync(join(tmpdir(), 'pitwall-test-'));
  const child = spawn(NODE, [...nodeArguments, join(ROOT, 'server.ts')], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      GATEWAY_PORT: '0',
      PITWALL_DATA_DIR: data,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let over = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  const append = (chunk: Buffer): void => {
    text += chunk.toString();
    wake();
  };
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const exited = new Promise<number | null>((done) => {
    child.once('close', (code) => {
      over = true;
      done(code);
      wake();
    });
  });

  return {
    pid: child.pid ?? -1,
    output: () => text,
    prints: (pattern, deadlineMs = 10_000) =>
      new Promise((resolvePrint, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          waiting.delete(check);
          settle();
        };
        const check = (): void => {
          const match = pattern.exec(text);
          if (match !== null) end(() => resolvePrint(match));
          else if (over) end(() => reject(new Error(`it ended without printing ${pattern}:\n${text}`)));
        };
        const timer = setTimeout(() => end(() => reject(new Error(`${pattern} wasn't printed:\n${text}`))), deadlineMs);
        waiting.add(check);
        check();
      }),
    signal: (name) => void child.kill(name),
    exited,
    async stop() {
      if (!over) child.kill('SIGKILL');
      await exited;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Starts the server and resolves once it says that it's ready. Needs a production build (`next build`). */
export async function startServer(
  env: Record<string, string> = {},
  nodeArguments: readonly string[] = [],
): Promise<ReadyServer> {
  if (!existsSync(join(ROOT, '.next/BUILD_ID'))) throw new Error('There is no production build: run next build first.');
  const server = spawnServer(env, nodeArguments);
  try {
    const [block] = await server.prints(/is ready in \d+ ms\n[^]*?\n\n/, READY_MS);
    const [, consoleUrl = ''] = /^(?:Console|Health) {2,3}(\S+)/m.exec(block) ?? [];
    const [, gatewayUrl = ''] = /^Gateway {2}(\S+) ->/m.exec(block) ?? [];
    return { ...server, consoleUrl, gatewayUrl };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
