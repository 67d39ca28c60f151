// What it costs to write a command down before it takes effect: an append to the journal on SQLite with full
// synchronisation, as a command waits for it, beside the same bytes and an fdatasync in a bare file.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJournalSpool } from '../lib/journal/journal-spool.ts';
import { createJournal, type Journal } from '../lib/journal/journal.ts';
import { systemClock } from '../lib/kernel/clock.ts';
import { silentLogger } from '../lib/kernel/logger.ts';
import { after } from '../lib/kernel/timer.ts';
import { migrate } from '../lib/storage/database/migrate.ts';
import { readMigrations } from '../lib/storage/database/migrations.ts';
import { openSqlite } from '../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../lib/storage/journal-repository.ts';
import { machine, settings } from './load/settings.ts';
import { median, quantile, table } from './load/statistics.ts';

const AIM_MS = 2;
const COMMANDS = 1_000;
const TOGETHER = 16;

const { rounds } = settings({ seconds: 0, rounds: 3 });
const folder = await mkdtemp(join(tmpdir(), 'pitwall-bench-journal-'));
const driver = openSqlite(join(folder, 'pitwall.db'));
const newId = (): string => crypto.randomUUID();

/** Times from the call until the command may take effect. */
async function waits(journal: Journal, together: number): Promise<number[]> {
  const times: number[] = [];
  async function person(n: number): Promise<void> {
    for (let i = 0; i < COMMANDS / together; i += 1) {
      const start = performance.now();
      const about = {
        actor: `person:${n}`,
        who: `Person ${n}`,
        from: { address: '192.0.2.1', agent: 'bench' },
        action: 'clearCache',
        target: `https://shop.test/item/${i}`,
        before: null,
        after: { scope: { prefix: 'https://shop.test/item/' }, mode: 'soft' },
        requestId: newId(),
      };
      await journal.command(about, () => void times.push(performance.now() - start));
    }
  }
  await Promise.all(Array.from({ length: together }, (_, n) => person(n)));
  return times;
}

async function bareFile(): Promise<number[]> {
  const file = await open(join(folder, 'bare'), 'a');
  const times: number[] = [];
  for (let i = 0; i < COMMANDS; i += 1) {
    const start = performance.now();
    await file.write(Buffer.alloc(600, 'x'));
    await file.datasync();
    times.push(performance.now() - start);
  }
  await file.close();
  return times;
}

try {
  console.log(machine());
  await driver.exclusively((session) =>
    migrate(session, { migrations: readMigrations('sqlite'), newId, onChanged: () => undefined }),
  );
  const store = createJournalRepository(driver.client, 'sqlite');
  const journal = createJournal({
    store,
    archive: store,
    spool: createJournalSpool(join(folder, 'journal.spool')),
    key: Buffer.alloc(32, 1),
    instance: 'bench',
    newId,
    clock: systemClock,
    after,
    logger: silentLogger,
  });
  await waits(journal, 1);
  const measured: Record<string, number[]> = { 'a bare file, fdatasync': [] };
  const [one, many] = ['one at a time', `${TOGETHER} at a time`];
  for (let round = 0; round < rounds; round += 1) {
    measured['a bare file, fdatasync']?.push(...(await bareFile()));
    (measured[one] ??= []).push(...(await waits(journal, 1)));
    (measured[many] ??= []).push(...(await waits(journal, TOGETHER)));
  }
  await journal.close();
  const rows = Object.entries(measured).map(([name, times]) => [
    name,
    median(times).toFixed(2),
    quantile(times, 0.99).toFixed(2),
    String(times.length),
  ]);
  console.log(`\n${table([['until a command may take effect, ms', 'p50', 'p99', 'commands'], ...rows])}`);
  const p50 = median(measured[one] ?? []);
  console.log(`Aim: p50 under ${AIM_MS} ms: ${p50 < AIM_MS ? 'reached' : 'missed'} (${p50.toFixed(2)}).`);
} finally {
  await driver.close();
  await rm(folder, { recursive: true, force: true });
}
