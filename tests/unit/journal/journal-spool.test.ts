import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJournalSpool } from '../../../lib/journal/journal-spool.ts';
import { journalKey } from '../../../lib/journal/journal-key.ts';
import { temporaryFolder } from '../../support/database.ts';
import { chainOf } from '../../support/journal-chain.ts';

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});
afterEach(() => remove());

const batch = (n: number): { records: ReturnType<typeof chainOf>; subjects: [] } => ({
  records: chainOf([{ target: `"${n}"\n` }]),
  subjects: [],
});

it('gives back what was put in, after a restart too, until it is cleared', async () => {
  const file = join(folder, 'journal.spool');
  const spool = createJournalSpool(file);
  expect(await spool.read()).toEqual([]);
  await spool.clear();
  await spool.append(batch(1), 1e6);
  await spool.append(batch(2), 1e6);
  const next = createJournalSpool(file);
  expect(await next.read()).toEqual([batch(1), batch(2)]);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  await next.clear();
  expect(await next.read()).toEqual([]);
  await next.append(batch(3), 1e6);
  expect(await createJournalSpool(file).read()).toEqual([batch(3)]);
});

it('drops a last line without its end, and goes on after the one before', async () => {
  const file = join(folder, 'journal.spool');
  await createJournalSpool(file).append(batch(1), 1e6);
  appendFileSync(file, '{"records":[');
  const next = createJournalSpool(file);
  await next.append(batch(2), 1e6);
  expect(await createJournalSpool(file).read()).toEqual([batch(1), batch(2)]);
  appendFileSync(file, 'not JSON\n{"records":1}\n');
  expect(await createJournalSpool(file).read()).toEqual([batch(1), batch(2)]);
});

it('refuses what goes past its bound, and leaves nothing of it behind', async () => {
  const file = join(folder, 'journal.spool');
  const spool = createJournalSpool(file);
  await spool.append(batch(1), 1e6);
  const before = readFileSync(file, 'utf8');
  await expect(spool.append(batch(2), before.length + 10)).rejects.toMatchObject({ code: 'storage_unavailable' });
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it('fails where it cannot be read or written', async () => {
  const file = join(folder, 'journal.spool');
  mkdirSync(file);
  await expect(createJournalSpool(file).read()).rejects.toThrow();
  await expect(createJournalSpool(file).append(batch(1), 1e6)).rejects.toThrow();
  await expect(createJournalSpool(file).clear()).rejects.toThrow();
  writeFileSync(join(folder, 'x'), '');
  await expect(createJournalSpool(join(folder, 'x', 'journal.spool')).append(batch(1), 1e6)).rejects.toThrow();
});

it('derives a key from the secret that is not the secret', () => {
  expect(journalKey('a secret').toString('hex')).toMatch(/^[0-9a-f]{64}$/);
  expect(journalKey('a secret')).toEqual(journalKey('a secret'));
  expect(journalKey('another')).not.toEqual(journalKey('a secret'));
});
