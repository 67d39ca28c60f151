import { existsSync, mkdtempSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RequestRecord } from '../../../lib/contracts/control.ts';
import { createAccessLog, type AccessLog, type AccessLogOptions } from '../../../lib/gateway/access-log.ts';
import { isPitwallError } from '../../../lib/kernel/errors.ts';

let folder: string;
let file: string;
let errors: string[];
let open: AccessLog[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-log-'));
  file = join(folder, 'access.log');
  errors = [];
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((log) => log.close()));
  rmSync(folder, { recursive: true, force: true });
});

function create(more: Partial<AccessLogOptions> = {}): AccessLog {
  const log = createAccessLog({
    file,
    sample: 1,
    random: () => 0.5,
    onError: (message) => errors.push(message),
    retryMs: 10,
    ...more,
  });
  open.push(log);
  return log;
}

function record(id: string): RequestRecord {
  return {
    at: 1,
    id,
    client: '127.0.0.1',
    service: 's',
    route: '*',
    method: 'GET',
    host: 'h',
    path: '/ü\n',
    status: 200,
    result: 'l1',
    reason: undefined,
    bytes: 1,
    ms: 0.1,
    aborted: false,
  };
}

function idsIn(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => (JSON.parse(line) as RequestRecord).id);
}

const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => String(from + i));
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 });

describe('createAccessLog', () => {
  it('writes one JSON line for each record, in order, by itself', async () => {
    const log = create();
    log.write(record('0'));
    await eventually(() => expect(idsIn(file)).toEqual(['0']));
    for (const id of ids(1, 3_000)) log.write(record(id));
    await log.close();
    expect(idsIn(file)).toEqual(ids(0, 3_000));
    expect(log.dropped).toBe(0);
    expect(errors).toEqual([]);
  });

  it('appends to what is there', async () => {
    for (const id of ['a', 'b']) {
      const log = create();
      log.write(record(id));
      await log.close();
    }
    expect(idsIn(file)).toEqual(['a', 'b']);
  });

  it('writes the share that is asked for, and does nothing for the rest', async () => {
    const draws = [0.05, 0.1, 0.9, 0.0999];
    const log = create({ sample: 0.1, random: () => draws.shift() ?? 1 });
    let touched = 0;
    const counted = (id: string): RequestRecord =>
      Object.defineProperty(record(id), 'id', { enumerable: true, get: () => ((touched += 1), id) });
    for (const id of ids(0, 4)) log.write(counted(id));
    await log.close();
    expect(idsIn(file)).toEqual(['0', '3']);
    expect(touched).toBe(2);
  });

  it('goes on in a new file after rotation, losing nothing', async () => {
    const log = create();
    for (const id of ids(0, 600)) log.write(record(id));
    await eventually(() => expect(idsIn(file)).toHaveLength(600));
    renameSync(file, `${file}.1`);
    log.reopen();
    await eventually(() => expect(existsSync(file)).toBe(true));
    for (const id of ids(600, 1_300)) log.write(record(id));
    await log.close();
    expect([...idsIn(`${file}.1`), ...idsIn(file)]).toEqual(ids(0, 1_300));
  });

  it('loses nothing when rotated under load', async () => {
    const log = create();
    for (let turn = 0; turn < 5; turn += 1) {
      for (const id of ids(turn * 700, (turn + 1) * 700)) log.write(record(id));
      renameSync(file, `${file}.${turn}`);
      log.reopen();
      await eventually(() => expect(existsSync(file)).toBe(true));
    }
    await log.close();
    const written = [0, 1, 2, 3, 4].flatMap((turn) => idsIn(`${file}.${turn}`));
    expect([...written, ...idsIn(file)]).toEqual(ids(0, 3_500));
  });

  it('says at once that a path can’t be written', () => {
    const bad = join(folder, 'missing', 'access.log');
    try {
      create({ file: bad });
      expect.unreachable();
    } catch (error) {
      expect(isPitwallError(error) && error.code).toBe('config_invalid');
      expect((error as Error).message).toMatch(/^The access log \S+missing\/access\.log can't be opened: ENOENT.*\.$/);
    }
  });

  it('drops and counts when the disk is full, says so once, and recovers', async () => {
    symlinkSync('/dev/full', file);
    const log = create();
    for (const id of ids(0, 600)) log.write(record(id));
    await eventually(() => expect(log.dropped).toBe(512));
    for (const id of ids(600, 700)) log.write(record(id));
    await eventually(() => expect(log.dropped).toBe(700));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^The access log \S+ can't be written: ENOSPC/);
    rmSync(file);
    log.reopen();
    await eventually(() => expect(existsSync(file)).toBe(true));
    log.write(record('again'));
    await log.close();
    expect(idsIn(file)).toEqual(['again']);
    expect(log.dropped).toBe(700);
  });

  it('stays in the old file while a new one can’t be made, and moves when it can', async () => {
    const home = join(folder, 'logs');
    mkdirSync(home);
    const log = create({ file: join(home, 'a.log') });
    renameSync(home, `${home}.old`);
    log.reopen();
    await eventually(() => expect(errors).toHaveLength(1));
    expect(errors[0]).toMatch(/can't be reopened: ENOENT/);
    log.write(record('old'));
    await eventually(() => expect(idsIn(join(`${home}.old`, 'a.log'))).toEqual(['old']));
    mkdirSync(home);
    await eventually(() => expect(existsSync(join(home, 'a.log'))).toBe(true));
    log.write(record('new'));
    await log.close();
    expect(idsIn(join(home, 'a.log'))).toEqual(['new']);
    expect(log.dropped).toBe(0);
    expect(errors).toHaveLength(1);
  });

  it('holds a bounded number of lines', async () => {
    const log = create({ bufferLines: 10 });
    for (const id of ids(0, 25)) log.write(record(id));
    expect(log.dropped).toBe(15);
    await log.close();
    expect(idsIn(file)).toEqual(ids(0, 10));
  });

  it('counts what is lost at the end, ends once, and takes nothing more', async () => {
    symlinkSync('/dev/full', file);
    const log = create();
    for (const id of ids(0, 3)) log.write(record(id));
    await Promise.all([log.close(), log.close()]);
    log.write(record('late'));
    log.reopen();
    expect(log.dropped).toBe(4);
    expect(errors).toHaveLength(1);
  });
});
