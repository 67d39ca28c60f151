import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

const execute = promisify(execFile);

/** A real PostgreSQL of its own, in a temporary folder. */
export interface PostgresServer {
  readonly url: string;
  /** An empty database; its URL. */
  newDatabase(): Promise<string>;
  /** Runs SQL as psql would; its answer, one line per row, columns split by '|'. */
  sql(url: string, text: string): Promise<string>;
  /** SIGQUIT: it ends at once, as after a crash. */
  kill(): Promise<void>;
  /** On the same port and folder. */
  start(): Promise<void>;
  /** Stops it and its connections (SIGSTOP) until `thaw`. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  stop(): Promise<void>;
}

/** On PATH, or where Debian keeps them. */
function program(name: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...process.env.PATH!.split(delimiter)];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is missing: install postgresql.`);
  return found;
}

/** PostgreSQL doesn't run as root: then the user "postgres" does. */
async function account(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string): Promise<number> => Number((await execute('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Starts a server; ends with the test run whatever happens. Call `stop` in afterAll. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-postgres-'));
  const user = await account();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const port = await freePort();
  const options = { cwd: folder, ...user };
  await execute(program('initdb'), ['-D', data, '-U', 'pitwall', '-A', 'trust', '-E', 'UTF8', '-N'], options);
  let child: ChildProcess | undefined;
  let databases = 0;
  const endWithUs = (): void => void child?.kill('SIGKILL');
  process.once('exit', endWithUs);
  const url = `postgresql://pitwall@127.0.0.1:${port}/postgres`;

  async function start(): Promise<void> {
    const settings = ['fsync=off', 'max_connections=50', 'shared_buffers=8MB', `unix_socket_directories=${folder}`];
    child = spawn(
      program('postgres'),
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...settings.flatMap((setting) => ['-c', setting])],
      { ...options, stdio: 'ignore' },
    );
    await eventually(() => execute(program('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]), 20_000);
  }

  /** The server and the processes of its connections. */
  async function signalAll(signal: NodeJS.Signals): Promise<void> {
    const parent = child?.pid;
    if (parent === undefined) return;
    process.kill(parent, signal);
    const { stdout } = await execute('pgrep', ['-P', String(parent)]);
    for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), signal);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    await signalAll('SIGCONT');
    child?.kill(signal);
    await ended;
    child = undefined;
  }

  async function sql(database: string, text: string): Promise<string> {
    const { stdout } = await execute(program('psql'), ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', text, database]);
    return stdout.trim();
  }

  await start();
  return {
    url,
    async newDatabase() {
      const name = `test${++databases}`;
      await sql(url, `CREATE DATABASE ${name}`);
      return url.replace(/postgres$/, name);
    },
    sql,
    kill: () => end('SIGQUIT'),
    start,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async stop() {
      process.off('exit', endWithUs);
      if (child !== undefined) await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
