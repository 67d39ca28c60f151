import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createDiskLevel } from '../../lib/cache/stores/disk-level.ts';
import { createMemoryLevel } from '../../lib/cache/stores/memory-level.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { manualClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { startDisk } from '../../lib/storage/disk-thread.ts';
import { levelSuite } from '../suites/level.ts';

levelSuite('memory', (budgetBytes) => createMemoryLevel({ budgetBytes }));

const closing: (() => Promise<void>)[] = [];
const directory = mkdtempSync(join(tmpdir(), 'pitwall-level-'));
let count = 0;

async function diskLevel(budgetBytes: number) {
  count += 1;
  const disk = await startDisk({
    directory: join(directory, String(count)),
    budgetBytes,
    clears: { names: 100, patterns: 100 },
    logger: silentLogger,
  });
  const level = createDiskLevel({
    connection: disk.connect(),
    timebase: createTimebase(manualClock()),
    deadlineMs: 5_000,
  });
  closing.push(async () => {
    level.close();
    await disk.close();
  });
  return level;
}

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(directory, { recursive: true, force: true });
});

levelSuite('disk', diskLevel);
