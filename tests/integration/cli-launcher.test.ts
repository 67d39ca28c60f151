import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'pitwall-launch-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  code: number;
  out: string;
  err: string;
}

function exec(file: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: root, timeout: 30_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

async function inProcess(...args: string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await main(args, { out: { write: (text) => (out += text) }, err: { write: (text) => (err += text) } });
  return { code, out, err };
}

/** A launcher that believes that it runs under an old Node, in a project of its own. */
function oldLauncher(): string {
  const file = join(folder, 'bin/pitwall.js');
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'old.mjs'),
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });
process.argv.splice(1, 1);
await import(${JSON.stringify(file)});`,
  );
  return join(folder, 'old.mjs');
}

describe('the command line', () => {
  it('is what npx finds in the checkout', async () => {
    const { code, out, err } = await exec('npx', ['--no-install', 'pitwall', 'check', 'pitwall.example.yaml']);
    expect({ code, out }).toEqual({ code: 0, out: 'ok: 2 services, 3 routes\n' });
    expect(err).not.toMatch(/ExperimentalWarning/);
  });

  it('passes the exit code on', async () => {
    const node = ['/usr/bin/node', '/usr/local/bin/node'].find(existsSync) ?? process.execPath;
    const launcher = join(root, 'bin/pitwall.js');
    const [wrong, missing] = await Promise.all([
      exec(node, [launcher, 'nope']),
      exec(node, [launcher, 'check', 'missing.yaml']),
    ]);
    expect(wrong.code).toBe(2);
    expect(missing).toEqual({
      code: 1,
      out: '',
      err: "The configuration missing.yaml can't be read: there is no such file.\n",
    });
  });

  it('ends well on an interrupt that arrives twice', async () => {
    // The second comes while the first is handled, and is waited for: sent from here, it could meet a process that is
    // nearly gone.
    const twice = `data:text/javascript,process.once('SIGINT',()=>{
      const hold=setInterval(()=>{},1000);
      process.once('SIGINT',()=>{clearInterval(hold);console.log('again')});
      process.kill(process.pid,'SIGINT')})`;
    const child = spawn(process.execPath, ['--import', twice, join(root, 'bin/pitwall.js'), 'sample', '--port', '0']);
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const closed = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(0);
    expect(out).toMatch(/\nagain\n$/);
  });

  it('says in one sentence what an old Node lacks', async () => {
    const { code, err } = await exec(process.execPath, [oldLauncher(), '--version']);
    expect(code).toBe(1);
    expect(err).toBe(
      `pitwall: this needs Node 24, and Node 20.1.0 runs it; run "npm ci" in ${folder}, or install Node 24.\n`,
    );
  });

  it('has help and a version', async () => {
    for (const word of ['--help', '-h', 'help']) {
      expect(await inProcess(word)).toMatchObject({
        code: 0,
        err: '',
        out: expect.stringContaining('pitwall tail') as string,
      });
    }
    expect((await inProcess('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await inProcess('-v')).code).toBe(0);
  });

  it('answers a wrong call with the help and exit code 2', async () => {
    const none = await inProcess();
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toMatch(/^pitwall: a caching gateway/);
    const wrong = await inProcess('constructor');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/^pitwall: there is no command "constructor"\.\n\npitwall: a caching gateway/);
  });
});
