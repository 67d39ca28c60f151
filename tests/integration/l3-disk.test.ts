import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EPOCH_JUMP } from '../../lib/cache/clear-sources/sqlite.ts';
import { createDiskLevel } from '../../lib/cache/stores/disk-level.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { startDisk, type DiskThread } from '../../lib/storage/disk-thread.ts';
import { removeDirectory, temporaryDirectory } from '../support/disk-store.ts';
import { sampleEntry } from '../support/sample-entry.ts';
import { writtenEntry, WRITER_KEYS } from '../support/written-entry.ts';

const run = promisify(execFile);
const SUPPORT = join(import.meta.dirname, '..', 'support');
const MIB = 1_048_576;
let directory: string;
const closing: (() => Promise<void>)[] = [];
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  removeDirectory(directory);
});

async function open({ budgetBytes = 64 * MIB, above = 0 } = {}) {
  const said: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => said.push(message) };
  const disk = await startDisk({ directory, budgetBytes, clears: { names: 100, patterns: 100, above }, logger });
  closing.push(() => disk.close());
  return { disk, said, level: levelOf(disk) };
}

function levelOf(disk: DiskThread) {
  const connection = disk.connect();
  const timebase = createTimebase(systemClock, connection.seen);
  const level = createDiskLevel({ connection, timebase, deadlineMs: 5_000 });
  closing.push(async () => level.close());
  return level;
}

describe('L3 on disk', () => {
  it(
    'keeps all that was acknowledged 100 ms before the last sign of life, over 20 kills',
    { timeout: 240_000 },
    async () => {
      const KILLS = 20;
      const SURVIVES_MS = 100;
      let next = 0;
      /** The latest version of each key that must be there. */
      const due = new Map<number, number>();
      for (let round = 0; round < KILLS; round += 1) {
        const child = spawn(process.execPath, [
          join(SUPPORT, 'disk-writer.ts'),
          directory,
          String(next),
          String(64 * MIB),
        ]);
        const acknowledged: { version: number; at: number }[] = [];
        const lines = createInterface(child.stdout);
        const started = once(lines, 'line');
        lines.on('line', (line) => {
          const [version, at] = line.split(' ').map(Number);
          acknowledged.push({ version: version!, at: at! });
        });
        await started;
        // Anywhere between batches: the moment is what is tested.
        await pause(150 + 17 * round);
        child.kill('SIGKILL');
        await Promise.all([once(child, 'exit'), once(lines, 'close')]);
        // Counted from its last sign of life, not from the kill: a thread that is held up commits nothing meanwhile.
        const last = acknowledged.at(-1)?.at ?? 0;
        for (const { version, at } of acknowledged) {
          next = Math.max(next, version + 1);
          if (at <= last - SURVIVES_MS)
            due.set(version % WRITER_KEYS, Math.max(version, due.get(version % WRITER_KEYS) ?? 0));
        }
        next += 2;
        const { disk, level, said } = await open();
        for (let key = 0; key < WRITER_KEYS; key += 1) {
          const [read, ...others] = (await level.read(`key ${key}`)) ?? [];
          const version = read?.clearNumber ?? -1;
          expect(version).toBeGreaterThanOrEqual(due.get(key) ?? -1);
          expect(others).toEqual([]);
          if (read !== undefined) expect(read.body.equals(writtenEntry(key, version).body)).toBe(true);
        }
        expect(said).toEqual([]);
        level.close();
        await disk.close();
      }
      expect(due.size).toBeGreaterThan(100);
    },
  );

  it('stops writing on a full disk, reads on, and writes again when there is room', async () => {
    const script = `mount -t tmpfs -o size=2m none "$1" && exec "$2" "$3" "$1"`;
    const child = [script, 'sh', directory, process.execPath, join(SUPPORT, 'full-disk.ts')];
    const { stdout } = await run('unshare', ['-Urm', 'sh', '-c', ...child]);
    const told = JSON.parse(stdout) as Record<string, never> & {
      full: { written: number; readable: number };
      fullAgain: number;
      afterRestart: { written: number; readable: number };
    };
    expect(told).toMatchObject({
      full: {
        state: {
          state: 'degraded',
          why: "The cache on disk takes no writes: the disk is full. It's tried again every 10 s.",
        },
      },
      paused: false,
      stillFull: false,
      pausedAgain: false,
      room: { written: true, state: { state: 'ok' } },
    });
    expect(told.full.written).toBeGreaterThan(20);
    expect(told.full.readable).toBe(told.full.written);
    expect(told.fullAgain).toBeGreaterThan(told.full.readable);
    expect(told.afterRestart).toEqual({ written: told.fullAgain, readable: told.fullAgain, said: [] });
  });

  it('refuses a directory that another has, and takes it when that has gone', async () => {
    const { disk } = await open();
    const again = { directory, budgetBytes: MIB, clears: { names: 1, patterns: 1 }, logger: silentLogger };
    await expect(startDisk(again)).rejects.toMatchObject({
      code: 'data_dir_locked',
      message: `Another Pitwall uses the data directory ${dirname(directory)}: set PITWALL_DATA_DIR to one of its own.`,
    });
    await disk.close();
    const next = await startDisk(again);
    await next.close();
    expect(await next.exited).toBe(0);
  });

  it('has entries and clears after a restart, and the time that they were written at', async () => {
    const before = await open();
    const entry = sampleEntry();
    expect(await before.level.write(entry)).toBe(true);
    const record = await before.disk.clears.append({ scope: { tag: 'a' }, mode: 'soft' });
    expect(await before.level.clears.head()).toEqual({ number: record.number, id: record.id });
    await before.disk.close();
    const after = await open();
    expect((await after.level.read(entry.key))?.[0]?.body).toEqual(entry.body);
    expect((await after.level.clears.since(0)).records).toEqual([record]);
    expect(await after.disk.clears.head()).toEqual({ number: record.number, id: record.id });
    expect(after.disk.connect().seen).toBeGreaterThan(systemClock.wall() - 60_000);
    expect(after.said).toEqual([]);
  });

  it('starts empty where its clear log is gone, since what was cleared can’t be told', async () => {
    const before = await open();
    const entry = sampleEntry();
    await before.level.write(entry);
    await before.disk.close();
    for (const suffix of ['', '-wal', '-shm', '-journal']) removeDirectory(join(directory, `clears.db${suffix}`));
    const after = await open();
    expect(await after.level.read(entry.key)).toBeUndefined();
    expect(after.said).toEqual(['The cache on disk starts empty: it belongs to another clear log.']);
  });

  it('goes on with a thread that was started again', async () => {
    const before = await open();
    const entry = sampleEntry();
    await before.level.write(entry);
    await before.disk.close();
    expect(await before.level.read(entry.key)).toBeUndefined();
    const after = await open();
    before.level.reconnect(after.disk.connect());
    expect((await before.level.read(entry.key))?.[0]?.body).toEqual(entry.body);
  });

  it('never numbers a clear twice, though its log was thrown away under it', async () => {
    const before = await open();
    await before.disk.clears.append({ scope: { tag: 'a' }, mode: 'soft' });
    const { number } = await before.disk.clears.append({ scope: { all: true }, mode: 'hard' });
    expect([before.disk.clearNumber, number]).toEqual([2, 2]);
    await before.disk.close();
    await writeFile(join(directory, 'clears.db'), 'no database, and nothing in it tells how far it went. '.repeat(99));
    const after = await open({ above: before.disk.clearNumber });
    before.level.reconnect(after.disk.connect());
    expect(after.said[0]).toContain('The clear log starts anew');
    const { number: next } = await before.level.clears.append({ scope: { tag: 'a' }, mode: 'soft' });
    expect(next).toBe(2 + EPOCH_JUMP + 1);
    expect((await before.level.clears.since(number)).folded).toMatchObject([{ mode: 'hard', number: next - 1 }]);
  });
});
