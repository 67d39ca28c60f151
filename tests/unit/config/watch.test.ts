import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchConfig, type ConfigWatch } from '../../../lib/config/watch.ts';
import { parseConfig } from '../../../lib/config/yaml-file.ts';
import type { Config } from '../../../lib/contracts/policy.ts';

const good = (name: string): string => `services: [{ name: ${name}, targets: [{ url: 'http://a' }] }]\n`;
const load = (text: string): Config => parseConfig(text, 'p.yaml', { cacheTtl: 0, readFile: () => '' });

let folder: string;
let file: string;
let names: string[];
let errors: string[];
let open: ConfigWatch[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-watch-'));
  file = join(folder, 'p.yaml');
  writeFileSync(file, good('first'));
  names = [];
  errors = [];
  open = [];
});

afterEach(() => {
  for (const watch of open) watch.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Without polling unless told: what is seen then, is seen by watching. */
function start(more: { text?: string; pollMs?: number; onChange?: (config: Config) => void } = {}): ConfigWatch {
  const watch = watchConfig({
    file,
    text: good('first'),
    load,
    onChange: (config) => names.push(config.services[0]?.name ?? ''),
    onError: (message) => errors.push(message),
    settleMs: 20,
    pollMs: 60_000,
    ...more,
  });
  open.push(watch);
  return watch;
}

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 10 });

describe('watchConfig', () => {
  it('takes a file that is written in place', async () => {
    start();
    writeFileSync(file, good('second'));
    await eventually(() => expect(names).toEqual(['second']));
    expect(errors).toEqual([]);
  });

  it('takes a file that is replaced, again and again, as editors do', async () => {
    start();
    for (const name of ['second', 'third', 'fourth']) {
      writeFileSync(`${file}.new`, good(name));
      renameSync(`${file}.new`, file);
      await eventually(() => expect(names.at(-1)).toBe(name));
    }
    expect(names).toEqual(['second', 'third', 'fourth']);
  });

  it('takes a link that is switched, as mounted volumes do', async () => {
    for (const version of ['1', '2']) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'p.yaml'), good(version === '1' ? 'first' : 'second'));
    }
    rmSync(file);
    symlinkSync('1', join(folder, '..data'));
    symlinkSync(join('..data', 'p.yaml'), file);
    start();
    symlinkSync('2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await eventually(() => expect(names).toEqual(['second']));
  });

  it('refuses an invalid file once, keeps what runs, and recovers', async () => {
    start({ pollMs: 30 });
    // In one step: what is read between opening and writing is a fault too.
    const put = (text: string): void => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    };
    put('services: 3');
    await eventually(() => expect(errors).toHaveLength(1));
    expect(errors[0]).toContain('p.yaml:1:1 services: expected a list, got the number 3');
    put('services: 3');
    put('services: 4');
    await eventually(() => expect(errors).toHaveLength(2));
    expect(errors[1]).toContain('number 4');
    expect(names).toEqual([]);
    put(good('mended'));
    await eventually(() => expect(names).toEqual(['mended']));
    expect(errors).toHaveLength(2);
  });

  it('says that the file is gone, and takes it when it comes back as it was', async () => {
    start();
    rmSync(file);
    await eventually(() => expect(errors).toEqual([`The configuration ${file} can't be read: the file is gone.`]));
    writeFileSync(file, good('first'));
    await eventually(() => expect(names).toEqual(['first']));
    expect(errors).toHaveLength(1);
  });

  it('sees what changed between reading and watching', async () => {
    writeFileSync(file, good('second'));
    start();
    await eventually(() => expect(names).toEqual(['second']));
  });

  it('starts from the file when given no text', async () => {
    const watch = watchConfig({
      file,
      load,
      onChange: (config) => names.push(config.services[0]?.name ?? ''),
      onError: (message) => errors.push(message),
      settleMs: 5,
      pollMs: 10,
    });
    open.push(watch);
    await eventually(() => {
      writeFileSync(file, good(`later${Date.now()}`));
      expect(names.length).toBeGreaterThan(0);
    });
    expect(errors).toEqual([]);
  });

  it('polls where watching fails: the folder comes later', async () => {
    rmSync(folder, { recursive: true });
    start({ pollMs: 20 });
    await eventually(() => expect(errors.at(-1)).toContain('the file is gone'));
    mkdirSync(folder);
    writeFileSync(file, good('second'));
    await eventually(() => expect(names).toEqual(['second']));
  });

  it('counts a configuration that nobody could take over as refused', async () => {
    start({
      onChange: () => {
        throw new Error('The worker refused it.');
      },
    });
    writeFileSync(file, good('second'));
    await eventually(() => expect(errors).toEqual(['The worker refused it.']));
  });

  it('is still after it is closed', async () => {
    const closed = start({ pollMs: 10 });
    closed.close();
    writeFileSync(file, good('second'));
    start();
    await eventually(() => expect(names).toEqual(['second']));
    expect(names).toHaveLength(1);
  });
});
