import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry, JournalFilter } from '../../lib/contracts/journal.ts';
import type { Driver } from '../../lib/storage/database/driver.ts';
import type { DatabaseProvider } from '../../lib/storage/database/migrations.ts';
import { openPostgresql } from '../../lib/storage/database/postgresql.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../../lib/storage/journal-repository.ts';
import { bringUp, temporaryFolder } from '../support/database.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

/* What a long journal costs, against what a short one does on the same machine. */

const LONG = 50_000;
const START = 1_700_000_000_000;

let server: PostgresServer;
const { folder, remove } = temporaryFolder();
beforeAll(async () => {
  server = await startPostgres();
}, 120_000);
afterAll(async () => {
  await server.stop();
  remove();
});

describe.each<DatabaseProvider>(['sqlite', 'postgresql'])('a long journal: %s', (provider) => {
  let driver: Driver;

  beforeAll(async () => {
    driver =
      provider === 'sqlite' ? openSqlite(join(folder, 'pitwall.db')) : openPostgresql(await server.newDatabase());
    await bringUp(driver, provider);
    await fill('long:a', LONG, START);
    await fill('short:a', 100, START - 3_600_000);
  }, 60_000);
  afterAll(() => driver.close());

  /** Commands, each with its outcome behind it, one a millisecond. */
  async function fill(chain: string, length: number, at: number): Promise<void> {
    const { $executeRawUnsafe: run } = driver.client;
    const rows =
      provider === 'sqlite'
        ? `WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ${length})`
        : `WITH series(n) AS (SELECT generate_series(1, ${length}))`;
    const when =
      provider === 'sqlite'
        ? `strftime('%Y-%m-%dT%H:%M:%f+00:00', (${at} + n) / 1000.0, 'unixepoch')`
        : `to_timestamp((${at} + n) / 1000.0) AT TIME ZONE 'UTC'`;
    await run.call(
      driver.client,
      `INSERT INTO journal_records (chain, "number", "at", kind, "action", actor, target, "of", outcome, detail, mac)
       ${rows} SELECT '${chain}', n, ${when}, CASE WHEN n % 2 = 1 THEN 'command' ELSE 'outcome' END, 'clearCache',
         'person:1', 'shop ' || n, CASE WHEN n % 2 = 0 THEN n - 1 END, CASE WHEN n % 2 = 0 THEN 'done' END,
         '{}', 'm' || n FROM series`,
    );
  }

  /** The median of five, ms. */
  async function took(work: () => Promise<unknown>): Promise<number> {
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const start = performance.now();
      await work();
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[2]!;
  }

  it('shows a page of a long chain about as fast as one of a short chain', async () => {
    const store = createJournalRepository(driver.client, provider);
    const short = await took(() => store.page({ limit: 50, to: START - 1 }));
    const { entries } = await store.page({ limit: 50 });
    expect(entries.map(({ chain, outcome }) => `${chain} ${outcome}`)).toEqual(Array(50).fill('long:a done'));
    const long = await took(() => store.page({ limit: 50 }));
    expect(long).toBeLessThan(10 * short + 50);
  }, 60_000);

  it('looks at a bounded number of records for a text, and goes on behind them', async () => {
    const store = createJournalRepository(driver.client, provider, 20_000);
    const filters: JournalFilter[] = [
      { text: 'nothing of these' },
      { text: 'shop 99' },
      { kind: 'gap' },
      { outcome: 'failed' },
    ];
    for (const filter of filters) {
      const found: JournalEntry[] = [];
      let pages = 0;
      for (let after: string | undefined; ;) {
        const page = await store.page({ ...filter, limit: 200, after });
        found.push(...page.entries);
        pages += 1;
        if (page.next === null) break;
        after = page.next;
      }
      const expected = filter.text === 'shop 99' ? [99, 991, 993, 995, 997, 999] : [];
      const numbers = [...new Set(found.map(({ number }) => number))].filter((number) => number < 1_000);
      expect(
        numbers.toSorted((a, b) => a - b),
        JSON.stringify(filter),
      ).toEqual(expected);
      expect(new Set(found.map(({ chain, number }) => `${chain} ${number}`)).size).toBe(found.length);
      expect(pages, JSON.stringify(filter)).toBeGreaterThanOrEqual(3);
    }
    // A filter that an index serves looks at everything.
    expect((await store.page({ limit: 5, actions: ['setMode'] })).next).toBeNull();
  }, 60_000);

  it('prunes in slices, none of which takes long', async () => {
    const store = createJournalRepository(driver.client, provider);
    const before = START + 25_001;
    let dropped = 0;
    const sizes: number[] = [];
    let longest = 0;
    for (let more = true; more;) {
      const start = performance.now();
      const slice = await store.prunable({ before });
      const count = await store.prune(slice.cuts, slice.more ? undefined : before);
      longest = Math.max(longest, performance.now() - start);
      sizes.push(count);
      dropped += count;
      more = slice.more;
    }
    expect(dropped).toBe(25_100);
    expect(sizes).toEqual([10_000, 10_000, 5_100]);
    expect(longest).toBeLessThan(3_000);
    expect(await store.chains()).toMatchObject([{ first: 25_001, head: { chain: 'long:a', number: LONG } }]);
  }, 60_000);
});
