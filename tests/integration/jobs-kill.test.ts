import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { isOpen } from '../../lib/queue/job.ts';
import { openDatabase } from '../../lib/storage/database/open.ts';
import { FOR_TESTS, temporaryFolder } from '../support/database.ts';

const KILLS = 5;
const ADDS = 12;

it(`loses no job over ${KILLS} kill -9, and runs none twice at a time`, async () => {
  const { folder, remove } = temporaryFolder();
  const log = join(folder, 'steps.log');
  const known = new Set<string>();

  /** Starts a process that adds jobs; resolves when it ended. `told` sees each line, and says how it ends. */
  async function live(adds: number, told: (line: string) => 'kill' | 'end' | undefined): Promise<void> {
    const program = join(import.meta.dirname, '..', 'support', 'jobs-process.ts');
    const child = spawn(process.execPath, [program, folder, log, String(adds)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    for await (const line of createInterface({ input: child.stdout })) {
      const end = told(line);
      if (end === 'kill') child.kill('SIGKILL');
      else if (end === 'end') child.stdin.end();
    }
    await ended;
  }

  // Sooner and later: while it adds, and just after.
  for (let kill = 0; kill < KILLS; kill++) {
    let said = 0;
    await live(ADDS, (line) => {
      if (line === 'open' || line === 'idle') return undefined;
      known.add(line);
      return ++said === 1 + ((kill * 5) % ADDS) ? 'kill' : undefined;
    });
  }
  expect(known.size).toBeGreaterThanOrEqual(KILLS);
  await live(0, (line) => (line === 'idle' ? 'end' : undefined));

  const database = await openDatabase({ ...FOR_TESTS, directory: folder, logger: silentLogger });
  for (const id of known) {
    const job = await database.jobs.find(id);
    expect(job, `job ${id} was acknowledged`).toBeDefined();
    expect(isOpen(job!), `${id} is ${job!.state}`).toBe(false);
    if (job!.state === 'failed') expect(job!.restarts).toBe(3);
    else expect(job).toMatchObject({ state: 'done', result: 8, progress: { done: 8 } });
  }
  await database.close();

  // Within one process each step of a job comes once, in order: it never ran twice at a time.
  const steps = new Map<string, number>();
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const [pid, id, step] = line.split(' ');
    const before = steps.get(`${pid} ${id}`);
    if (before !== undefined) expect(Number(step)).toBe(before + 1);
    steps.set(`${pid} ${id}`, Number(step));
  }
  remove();
}, 120_000);
