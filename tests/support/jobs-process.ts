import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createJobService } from '../../lib/container/job-service.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { openDatabase } from '../../lib/storage/database/open.ts';
import { FOR_TESTS } from './database.ts';

// A process to be killed: works on jobs in the database of its folder, and adds more until it holds `jobs` of them.
// A line on stdout for each that it was told is written down; a line in `log` for each step that a runner takes.
const [directory = '', log = '', adds = '0'] = process.argv.slice(2);

/** Steps of one job. */
const STEPS = 8;

const database = await openDatabase({ ...FOR_TESTS, directory, logger: silentLogger });
const jobs = createJobService({
  runners: {
    async warm({ id, saved, signal, progress, checkpoint }) {
      for (let step = typeof saved === 'number' ? saved : 0; step < STEPS; step++) {
        appendFileSync(log, `${process.pid} ${id} ${step}\n`);
        await pause(5, undefined, { signal });
        progress(step + 1, STEPS);
        checkpoint(step + 1);
      }
      return STEPS;
    },
  },
  repository: database.jobs,
  concurrency: 3,
  owner: 'local',
  clock: systemClock,
  logger: silentLogger,
});
await jobs.open();
process.stdout.write('open\n');
for (let n = 0; n < Number(adds); n++) {
  const { id } = await jobs.add({ kind: 'warm', title: `Warm ${n}`, input: { n } });
  process.stdout.write(`${id}\n`);
}
/** Says so once nothing is open any longer. */
async function idle(): Promise<void> {
  const { jobs: open } = await jobs.list({ state: ['queued', 'running', 'paused'], limit: 1 });
  if (open.length === 0) process.stdout.write('idle\n');
}
jobs.events.on(({ job }) => {
  if (job.state === 'done' || job.state === 'failed') void idle();
});
await idle();
// Until it's killed, or told by the end of its input.
process.stdin.resume().on('end', () => {
  void jobs.close(1_000).then(() => database.close());
});
