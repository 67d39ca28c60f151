import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Level } from '../../lib/cache/level.ts';
import { createDiskLevel, type DiskLevel } from '../../lib/cache/stores/disk-level.ts';
import { createMemoryLevel } from '../../lib/cache/stores/memory-level.ts';
import { createTimebase, type Timebase } from '../../lib/cache/timebase.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { startDisk } from '../../lib/storage/disk-thread.ts';
import { sealAll } from '../support/sealed-level.ts';
import { levelSuite } from '../suites/level.ts';

levelSuite('memory', (budgetBytes) => createMemoryLevel({ budgetBytes, clock: manualClock() }), {
  takesAll: false,
});

const closing: (() => Promise<void>)[] = [];
const directory = mkdtempSync(join(tmpdir(), 'pitwall-level-'));
/** The budget of the suite's property, which asks for a hundred levels: one thread serves them, emptied each time. */
const MANY = 6_000;
let many: Promise<Level> | undefined;

async function startLevel(budgetBytes: number, seal = (level: DiskLevel, _: Timebase): Level => level): Promise<Level> {
  const disk = await startDisk({
    directory: join(directory, String(closing.length)),
    budgetBytes,
    clears: { names: 100, patterns: 100 },
    logger: silentLogger,
  });
  const timebase = createTimebase(manualClock());
  const level = createDiskLevel({ connection: disk.connect(), timebase, deadlineMs: 5_000 });
  closing.push(async () => {
    level.close();
    await disk.close();
  });
  return seal(level, timebase);
}

async function diskLevel(budgetBytes: number): Promise<Level> {
  if (budgetBytes !== MANY) return startLevel(budgetBytes);
  const level = await (many ??= startLevel(MANY));
  for (const key of ['a', 'b', 'c', 'd', 'e']) await level.remove({ key, url: key });
  return level;
}

afterAll(async () => {
  for (const close of closing) await close();
  rmSync(directory, { recursive: true, force: true });
});

levelSuite('disk', diskLevel);

let sealed: Promise<Level> | undefined;

/** One thread for all: what it holds is larger than what it is given, and nothing of it may be evicted. */
async function sealedDiskLevel(): Promise<Level> {
  const level = await (sealed ??= startLevel(64 * 1_048_576, sealAll));
  const [plain, url] = ['GET http://a.test/', 'http://a.test/'];
  for (const key of ['a', 'b', 'c', 'd', 'e', 'one', 'other']) await level.remove({ key, url: key });
  for (const end of ['', 'b']) await level.remove({ key: `${plain}${end} realm=s`, url: `${url}${end}` });
  await level.remove({ key: plain, url });
  return level;
}

levelSuite('disk, encrypted', sealedDiskLevel, { accounts: false });
