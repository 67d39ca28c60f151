import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderWith, writeInto } from './folder.ts';

const SERVE = pathToFileURL(join(import.meta.dirname, '../../../scripts/serve.mjs')).href;

/** A server that tells which signals it gets, and ends on the word of `onTerm`. */
const server = (name: string, onTerm = 'process.exit(0)') => `
setInterval(() => {}, 1000);
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => console.log('${name} got ' + signal));
process.on('SIGTERM', () => { console.log('${name} got SIGTERM'); ${onTerm}; });
console.log('${name} up ' + process.env.NODE_ENV + ' ' + process.pid);`;

interface Serving {
  readonly child: ChildProcess;
  /** Resolves with the first line that matches, from those not yet awaited on. */
  line(pattern: RegExp): Promise<string>;
  /** Lines seen so far. */
  readonly lines: readonly string[];
  readonly code: Promise<number | null>;
}

function serving(root: string, { dev = false, echoMs = 60_000 } = {}): Serving {
  const script = `import { serve } from '${SERVE}';
    process.exitCode = await serve({ root: '${root}', node: process.execPath, dev: ${dev}, echoMs: ${echoMs} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const wanted: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  let next = 0;
  const settle = () => {
    for (let want = wanted[0]; want && next < lines.length; want = wanted[0]) {
      const line = lines[next++] as string;
      if (!want.pattern.test(line)) continue;
      wanted.shift();
      want.resolve(line);
    }
  };
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      settle();
    });
  }
  const code = once(child, 'close').then(([value]) => value as number | null);
  onTestFinished(async () => {
    const pid = lines.map((line) => / up \S+ (\d+)/.exec(line)?.[1]).findLast((match) => match !== undefined);
    child.kill('SIGKILL');
    try {
      if (pid) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
    await code;
  });
  return {
    child,
    lines,
    code,
    line: (pattern) =>
      new Promise((resolve) => {
        wanted.push({ pattern, resolve });
        settle();
      }),
  };
}

describe('serve', () => {
  it("passes on the server's exit code", async () => {
    const { code } = serving(folderWith({ 'server.ts': 'process.exit(7)' }));
    expect(await code).toBe(7);
  });

  it('runs for production, passes signals on, and ends with the server', async () => {
    const run = serving(folderWith({ 'server.ts': server('a') }));
    await run.line(/^a up production/);
    run.child.kill('SIGHUP');
    await run.line(/^a got SIGHUP$/);
    run.child.kill('SIGTERM');
    await run.line(/^a got SIGTERM$/);
    expect(await run.code).toBe(0);
  });

  it('takes the echo of one key press for one signal', async () => {
    const run = serving(folderWith({ 'server.ts': server('a') }));
    await run.line(/^a up/);
    run.child.kill('SIGINT');
    await run.line(/^a got SIGINT$/);
    run.child.kill('SIGINT');
    run.child.kill('SIGHUP');
    await run.line(/^a got SIGHUP$/);
    expect(run.lines.filter((line) => line === 'a got SIGINT')).toHaveLength(1);
  });

  it('kills at the second press', async () => {
    const run = serving(folderWith({ 'server.ts': server('a') }), { echoMs: 0 });
    await run.line(/^a up/);
    run.child.kill('SIGINT');
    await run.line(/^a got SIGINT$/);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(137);
  });

  it('restarts in development when lib, sample or server.ts change, and only then', async () => {
    const root = folderWith({ 'server.ts': server('first'), 'lib/a.ts': '', 'app/page.tsx': '' });
    const run = serving(root, { dev: true });
    await run.line(/^first up development/);
    writeInto(root, { 'app/page.tsx': '//', 'lib/notes.md': '' });
    writeInto(root, { 'server.ts': server('second') });
    await run.line(/^server\.ts changed/);
    await run.line(/^first got SIGTERM$/);
    await run.line(/^second up/);
    writeInto(root, { 'lib/a.ts': '//', 'server.ts': 'throw new Error("typo")' });
    await run.line(/The server ended; it starts again with the next change/);
    writeInto(root, { 'server.ts': server('third') });
    await run.line(/^third up/);
    run.child.kill('SIGTERM');
    expect(await run.code).toBe(0);
    expect(run.lines.filter((line) => line.includes('notes.md') || line.includes('page.tsx'))).toEqual([]);
  });
});
