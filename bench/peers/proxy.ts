import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORES, hasProgram, pinned } from '../load/programs.ts';

/** A running cache that isn't ours. */
export interface Proxy {
  readonly pid: number;
  readonly url: string;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function startProxy(command: (folder: string, port: number) => Promise<readonly string[]>): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'pitwall-bench-'));
  // Varnish compiles as a user of its own, which must be able to enter.
  await chmod(folder, 0o755);
  const port = await freePort();
  const [program, ...args] = pinned(CORES.candidate, await command(folder, port));
  const child = spawn(program, args, { stdio: 'ignore' });
  const exit = once(child, 'exit');
  process.once('exit', () => child.kill('SIGTERM'));
  const deadline = Date.now() + 10_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${args.join(' ')} doesn't listen`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** nginx with proxy_cache and one worker; undefined where it isn't installed. */
export async function startNginx(origin: string): Promise<Proxy | undefined> {
  if (!hasProgram('nginx')) return undefined;
  return startProxy(async (folder, port) => {
    const config = join(folder, 'nginx.conf');
    await writeFile(
      config,
      `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  proxy_cache_path ${folder}/cache levels=1:2 keys_zone=z:64m max_size=512m;
  upstream origin { server ${new URL(origin).host}; keepalive 64; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_cache z; proxy_cache_lock on; }
  }
}`,
    );
    return ['nginx', '-p', folder, '-c', config, '-e', join(folder, 'error.log')];
  });
}

/** Varnish in memory with one thread pool; undefined where it isn't installed. */
export async function startVarnish(origin: string): Promise<Proxy | undefined> {
  if (!hasProgram('varnishd')) return undefined;
  return startProxy(async (folder, port) => [
    'varnishd',
    '-F',
    ...['-a', `127.0.0.1:${port}`, '-b', new URL(origin).host, '-n', join(folder, 'varnish')],
    ...['-s', 'malloc,256m', '-p', 'thread_pools=1', '-p', 'thread_pool_max=2000', '-p', 'thread_pool_min=200'],
  ]);
}
