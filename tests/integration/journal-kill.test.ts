import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import type { JournalEntry } from '../../lib/contracts/journal.ts';
import { createJournalSpool } from '../../lib/journal/journal-spool.ts';
import { createJournal } from '../../lib/journal/journal.ts';
import type { JournalRecord, JournalSubject } from '../../lib/journal/record.ts';
import { verifyJournal } from '../../lib/journal/verify.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { after } from '../../lib/kernel/timer.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../../lib/storage/journal-repository.ts';
import { temporaryFolder } from '../support/database.ts';
import { KEY } from '../support/journal-chain.ts';
import { foldJournal } from '../support/journal-fold.ts';

const KILLS = 20;
/** Longest life after that, ms. */
const LIFE_MS = 400;

it(`holds every acknowledged command after ${KILLS} kill -9 at random moments`, async () => {
  const { folder, remove } = temporaryFolder();
  const acknowledged: string[] = [];

  /** One life, killed some time after it said `from`: that it's open, or its first acknowledged command. */
  async function live(flaky: boolean, from: 'open' | 'acknowledged'): Promise<void> {
    const program = join(import.meta.dirname, '..', 'support', 'journal-process.ts');
    const args = [program, folder, flaky ? 'flaky' : ''];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let doomed = false;
    for await (const line of createInterface({ input: child.stdout })) {
      // The last one may be half a line.
      if (/^\d+-\d-\d+$/.test(line)) acknowledged.push(line);
      if (doomed || (line === 'open' && from === 'acknowledged')) continue;
      doomed = true;
      setTimeout(() => child.kill('SIGKILL'), Math.random() * LIFE_MS);
    }
    await ended;
  }

  // Every other life its database fails now and then, so that records are in the spool when it's killed. Some are
  // killed while they begin; the others have something to lose, however slow the machine is.
  for (let kill = 0; kill < KILLS; kill++) await live(kill % 2 === 1, kill % 4 < 2 ? 'acknowledged' : 'open');
  expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS / 2);

  const driver = openSqlite(join(folder, 'pitwall.db'));
  const store = createJournalRepository(driver.client, 'sqlite');
  // The next start takes what is in the spool.
  const spool = createJournalSpool(join(folder, 'journal.spool'));
  const id = { instance: 'one', newId: () => crypto.randomUUID() };
  const journal = createJournal({
    store,
    archive: store,
    spool,
    key: KEY,
    ...id,
    clock: systemClock,
    after,
    logger: silentLogger,
  });
  await journal.open();
  await journal.close();

  const verdicts = await verifyJournal({ archive: store, key: KEY });
  expect(verdicts.filter(({ fault }) => fault !== undefined)).toEqual([]);

  const records: JournalRecord[] = [];
  const subjects: JournalSubject[] = [];
  for (const { head } of await store.chains()) {
    const all = await store.read(head.chain, 0, 1e6);
    records.push(...all.records);
    subjects.push(...all.subjects);
  }
  const entries: JournalEntry[] = [];
  for (let next: string | null | undefined; next !== null;) {
    const page = await store.page({ limit: 200, ...(next === undefined ? {} : { after: next }) });
    entries.push(...page.entries);
    next = page.next;
  }
  expect(entries).toEqual(foldJournal(records, subjects));

  const done = new Set(entries.filter(({ outcome }) => outcome === 'done').map(({ requestId }) => requestId));
  expect(acknowledged.filter((requestId) => !done.has(requestId))).toEqual([]);
  // No life was closed but the last.
  const count = (kind: string): number => records.filter((record) => record.kind === kind).length;
  expect(count('gap')).toBe(count('opened') - 1);
  await driver.close();
  remove();
}, 240_000);
