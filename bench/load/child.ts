import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pinned } from './programs.ts';

export interface Child {
  readonly pid: number;
  /** The first message: where it listens. */
  readonly url: string;
  /** Sends a question and answers with the next message. */
  ask<T>(question: string | object): Promise<T>;
  close(): Promise<void>;
}

async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const gone = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: gone.signal }).then(([message]) => message as T),
      once(child, 'exit', { signal: gone.signal }).then(([code]) => {
        throw new Error(`${child.spawnargs.join(' ')} ended with code ${String(code)}`);
      }),
    ]);
  } finally {
    gone.abort();
  }
}

/**
 * Runs a TypeScript file in a process of its own that sends its URL once it listens.
 * @param core the core to pin it to; undefined = any
 */
export async function startChild(file: string, args: readonly string[], core?: number): Promise<Child> {
  const command = [process.execPath, file, ...args];
  const [program, ...rest] = core === undefined ? command : pinned(core, command);
  const child = spawn(program as string, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const url = await nextMessage<string>(child);
  return {
    pid: child.pid ?? 0,
    url,
    ask(question) {
      const answer = nextMessage(child);
      child.send(question);
      return answer as Promise<never>;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
