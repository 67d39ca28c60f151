import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS = 30_000;

export interface Product {
  readonly pid: number;
  readonly consoleUrl: string;
  readonly gatewayUrl: string;
  /** From the start of the process until it said that it's ready, ms. */
  readonly readyMs: number;
  close(): Promise<void>;
}

/**
 * The whole product, `node server.ts`, in front of `origin`, on ports of its own.
 * @param more variables; with PITWALL_DATA_DIR the directory stays when it's closed
 */
export async function startProduct(origin: string, more: Record<string, string> = {}): Promise<Product> {
  const data = await mkdtemp(join(tmpdir(), 'pitwall-bench-data-'));
  const start = performance.now();
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    PORT: '0',
    GATEWAY_PORT: '0',
    PITWALL_UPSTREAM: origin,
    PITWALL_DATA_DIR: data,
    ...more,
  };
  const child = spawn(process.execPath, ['server.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let text = '';
  const ready = new Promise<void>((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`not ready after ${READY_MS} ms:\n${text}`)), READY_MS);
    void exit.then(() => reject(new Error(`the server ended:\n${text}`)));
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (!/^Try it/m.test(text)) return;
      clearTimeout(deadline);
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exit;
    await rm(data, { recursive: true, force: true });
  };
  try {
    await ready;
  } catch (error) {
    await close();
    throw error;
  }
  const readyMs = performance.now() - start;
  const url = (word: string): string => new RegExp(`^${word}\\s+(http://[\\w.:]+)`, 'm').exec(text)?.[1] ?? '';
  return { pid: child.pid ?? 0, consoleUrl: url('Console'), gatewayUrl: url('Gateway'), readyMs, close };
}
