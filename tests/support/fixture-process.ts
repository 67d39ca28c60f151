import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Looker } from './console-access.ts';
import type { ConfigState } from './console-config.ts';
import type { Scenario } from './console-scenarios.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The console's double, and the way to change what happens behind it. */
export interface Fixture {
  readonly url: string;
  scenario(name: Scenario): Promise<void>;
  /** Who looks from now on; a new scenario is looked at from this machine. */
  access(who: Looker): Promise<void>;
  /** Where the configuration comes from, from now on; a new scenario's is made in the console. */
  config(state: ConfigState): Promise<void>;
  socket(state: 'on' | 'off'): Promise<void>;
  /** Tells of a breaker that opens now. */
  tell(): Promise<void>;
  /** The ticks of so many seconds, in a hurry; resolves when they are sent. */
  ticks(seconds: number): Promise<void>;
  calls(): Promise<string[]>;
}

/** Starts the double on a free port, on the last build; with `dev` on pages built as they're asked for. */
export async function startFixture({ dev = false } = {}): Promise<Fixture & { stop(): Promise<void> }> {
  const child = spawn(
    join(ROOT, 'node_modules/.bin/node'),
    [join(ROOT, 'tests/support/console-fixture.ts'), '--port', '0', ...(dev ? ['--dev'] : [])],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: dev ? 'development' : 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const url = await new Promise<string>((ready, failed) => {
    const read = (chunk: Buffer) => {
      output += String(chunk);
      const found = /fixture ready (\S+)/.exec(output)?.[1];
      if (found !== undefined) ready(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => failed(new Error(`the fixture ended with ${code}: ${output}`)));
  });
  const put = async (path: string) => void (await fetch(`${url}/fixture/${path}`, { method: 'PUT' }));
  return {
    url,
    scenario: (name) => put(`scenario/${name}`),
    access: (who) => put(`access/${who}`),
    config: (state) => put(`config/${state}`),
    socket: (state) => put(`socket/${state}`),
    tell: () => put('change'),
    ticks: (seconds) => put(`ticks/${seconds}`),
    calls: async () => (await (await fetch(`${url}/fixture/calls`)).json()) as string[],
    async stop() {
      child.removeAllListeners('exit');
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
