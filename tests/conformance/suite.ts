import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { startServer } from '../support/server-process.ts';

/** How a test counts: what the RFCs require, what a good cache does, or how caches differ. */
export type Kind = 'required' | 'optimal' | 'check';

/** What became of one test, by the suite's own rules. */
export interface Outcome {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly passed: boolean;
  /** What the suite says of a test that isn't passed. */
  readonly why: string;
}

interface SuiteTest {
  readonly id: string;
  readonly name: string;
  readonly kind?: Kind;
  readonly browser_only?: boolean;
}
interface SuiteGroup {
  readonly tests: readonly SuiteTest[];
}
/** By test: true, or the kind of fault and its words. */
type Results = Readonly<Record<string, true | readonly [string, string]>>;
type Judge = (groups: readonly SuiteGroup[], id: string, results: Results) => readonly [string, string, string];

const ROOT = dirname(createRequire(import.meta.url).resolve('http-cache-tests/package.json'));
/** The suite's marks for a pass, and for "yes" to how caches differ. */
const PASSES: ReadonlySet<string> = new Set(['✅', 'Y']);
/** Its own origin ends connections and answers 5xx on purpose: no breaker. Its clients may use their directives. */
const CONFIG = (origin: string): string => `
services:
  - name: suite
    targets: [{ url: '${origin}' }]
    breaker: { failures: 1000000, ratio: 1, minimumCalls: 1000000 }
    policy: { honourRequestDirectives: true, heuristic: true, staleIfError: 1m, getFromPost: true }
`;

/** Runs the public suite's own client through the real gateway to its own origin. Takes some 30 s. */
export async function runSuite(): Promise<Outcome[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-conformance-'));
  const origin = await startOrigin(directory);
  try {
    const file = join(directory, 'pitwall.yaml');
    writeFileSync(file, CONFIG(origin.url));
    const server = await startServer({ PITWALL_CONFIG: file });
    try {
      return await outcomesOf(JSON.parse(await runClient(server.gatewayUrl)) as Results);
    } finally {
      await server.stop();
    }
  } finally {
    await origin.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function outcomesOf(results: Results): Promise<Outcome[]> {
  const load = (path: string): Promise<Record<string, unknown>> =>
    import(pathToFileURL(join(ROOT, path)).href) as Promise<Record<string, unknown>>;
  const groups = (await load('tests/index.mjs')).default as SuiteGroup[];
  const surrogate = (await load('tests/surrogate-control.mjs')).default as SuiteGroup;
  const all = groups.includes(surrogate) ? groups : [...groups, surrogate];
  const judge = (await load('lib/display.mjs')).determineTestResult as Judge;
  return all.flatMap(({ tests }) =>
    tests
      .filter((test) => test.browser_only !== true)
      .map(({ id, name, kind = 'required' }): Outcome => {
        const result = results[id];
        const passed = PASSES.has(judge(all, id, results)[2]);
        const why = passed ? '' : result === true ? 'a test that it depends on' : (result?.[1] ?? 'not run');
        return { id, name, kind, passed, why };
      }),
  );
}

/** What the suite's scripts read: they expect to be run by npm. */
const settings = (more: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  npm_package_config_protocol: 'http',
  npm_package_config_base: '',
  npm_package_config_id: '',
  ...more,
});

async function startOrigin(directory: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn(process.execPath, ['server/server.mjs'], {
    cwd: ROOT,
    env: settings({ npm_package_config_port: String(port), npm_package_config_pidfile: join(directory, 'pid') }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('the origin of the suite ended'))),
  ]);
  // It says more, of each request.
  child.stdout.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function runClient(gatewayUrl: string): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', 'cli.mjs'], {
    cwd: ROOT,
    env: settings({ npm_config_base: gatewayUrl }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`the client of the suite ended with ${code}`);
  return text;
}
