import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepJournal, type KeptJournal } from '../../../lib/container/journal.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createRedactor } from '../../../lib/kernel/redact.ts';
import { temporaryFolder } from '../../support/database.ts';
import { chainOf } from '../../support/journal-chain.ts';
import { memoryJournal, type MemoryJournal } from '../../support/memory-journal.ts';

const FIRST_PRUNE_MS = 600_000;
const DAY_MS = 86_400_000;

const timers: { ms: number; run: () => void }[] = [];
const warned: string[] = [];
const pruneSessions = vi.fn(async () => 1);
let store: MemoryJournal;
let kept: KeptJournal;
let remove: () => void;

beforeEach(async () => {
  store = memoryJournal();
  timers.length = 0;
  warned.length = 0;
  const temporary = temporaryFolder();
  remove = temporary.remove;
  kept = keepJournal({
    database: {
      journal: store,
      archive: store,
      people: { list: async () => [{ id: '1', email: 'ada@shop.test' }] },
      sessions: { prune: pruneSessions },
    } as unknown as Parameters<typeof keepJournal>[0]['database'],
    secret: 'a secret of tests, long enough to sign',
    instance: 'one',
    dataDir: temporary.folder,
    keepDays: 90,
    redactor: createRedactor(),
    clock: manualClock(1_700_000_000_000),
    after(ms, run) {
      timers.push({ ms, run });
      return () => undefined;
    },
    logger: { debug() {}, info() {}, warn: (message) => void warned.push(message), error() {} },
  });
  await kept.journal.open();
});
afterEach(() => remove());

describe('a download', () => {
  const write = async (count: number, bytes: number): Promise<void> => {
    const detail = JSON.stringify({ before: null, after: 'x'.repeat(bytes) });
    await store.append(chainOf(Array.from({ length: count }, () => ({ kind: 'command' as const, detail }))), []);
  };

  it('has everything where that fits', async () => {
    await write(401, 10);
    const { entries, more } = await kept.all({ kind: 'command' });
    expect([entries.length, more]).toEqual([401, false]);
  });

  it('is cut at 16 MiB, and says so', async () => {
    await write(300, 65_536);
    const { entries, more } = await kept.all({ kind: 'command' });
    const bytes = Buffer.byteLength(JSON.stringify(entries));
    expect(more).toBe(true);
    expect(bytes).toBeLessThanOrEqual(16 * 1_048_576 + entries.length + 1);
    expect(bytes).toBeGreaterThan(15 * 1_048_576);
  });
});

it('takes the log-ins of somebody who is erased with them: strangers did them', async () => {
  const subject = { actor: 'stranger', address: '192.0.2.1', agent: null, at: 0 };
  await store.append(
    [],
    ['Ada@shop.test', 'bo@shop.test'].map((name) => ({ ...subject, id: name, name })),
  );
  expect(await kept.erase('person:1')).toEqual({ erased: 1 });
  expect(store.subjects.map(({ name }) => name)).toEqual([null, 'bo@shop.test']);
});

it('deletes sessions and links that have expired once a day, also when the journal itself fails', async () => {
  store.prunable = () => Promise.reject(new Error('away'));
  timers.find(({ ms }) => ms === FIRST_PRUNE_MS)?.run();
  await vi.waitFor(() => expect(timers.map(({ ms }) => ms)).toContain(DAY_MS));
  expect(pruneSessions).toHaveBeenCalledTimes(1);
  expect(warned).toEqual([expect.stringContaining("The journal couldn't drop old records")]);
  pruneSessions.mockRejectedValueOnce(new Error('away'));
  timers.find(({ ms }) => ms === DAY_MS)?.run();
  await vi.waitFor(() => expect(timers.filter(({ ms }) => ms === DAY_MS)).toHaveLength(2));
  expect(warned.at(-1)).toContain("Expired sessions and links couldn't be dropped");
});
