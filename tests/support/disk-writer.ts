// A process to be killed: writes into argv[2] as fast as it may, and says each write that was acknowledged.
import { createDiskLevel } from '../../lib/cache/stores/disk-level.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { startDisk } from '../../lib/storage/disk-thread.ts';
import { writtenEntry, WRITER_KEYS } from './written-entry.ts';

const [, , directory, first, budget] = process.argv;
const disk = await startDisk({
  directory: directory!,
  budgetBytes: Number(budget),
  clears: { names: 100, patterns: 100 },
  logger: silentLogger,
});
const connection = disk.connect();
const level = createDiskLevel({ connection, timebase: createTimebase(systemClock, connection.seen) });
for (let version = Number(first); ; version += 1) {
  const written = [version, version + 1].map(async (each) => {
    if (await level.write(writtenEntry(each % WRITER_KEYS, each)))
      process.stdout.write(`${each} ${systemClock.wall()}\n`);
  });
  await Promise.all(written);
  version += 1;
}
