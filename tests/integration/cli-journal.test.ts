import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { journalKey } from '../../lib/journal/journal-key.ts';
import { createJournalSpool } from '../../lib/journal/journal-spool.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../../lib/storage/journal-repository.ts';
import { bringUp, temporaryFolder } from '../support/database.ts';
import { chainOf } from '../support/journal-chain.ts';
import { journalScene, sampleCommand } from '../support/journal-scene.ts';

const SECRET = 'a secret of tests, long enough to sign';

const root = join(import.meta.dirname, '../..');
const { folder, remove } = temporaryFolder();
const driver = openSqlite(join(folder, 'pitwall.db'));
let anchor = '';

beforeAll(async () => {
  await bringUp(driver, 'sqlite');
  writeFileSync(join(folder, 'secret'), `${SECRET}\n`);
  const store = createJournalRepository(driver.client, 'sqlite');
  const scene = journalScene({ key: journalKey(SECRET) });
  await scene.journal.command(sampleCommand(), () => 1);
  await scene.journal.close();
  await store.append(scene.store.records, scene.store.subjects);
  anchor = (scene.lines.at(-1) ?? '').replace('info ', '');
});
afterAll(async () => {
  await driver.close();
  remove();
});

async function run(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'journal.mjs'), ...args], {
    env: { ...process.env, PITWALL_DATA_DIR: folder, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

it('finds the journal whole, with the anchors of the log', async () => {
  const { code, out, err } = await run({}, 'verify', '--anchor', anchor);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toBe('ok      one:r01  records 1 to 4\nThe journal is whole: 1 chain, 4 records.\n');
});

it('says what was changed, and what is gone', async () => {
  await createJournalSpool(join(folder, 'journal.spool')).append({ records: chainOf([{}]), subjects: [] }, 1e6);
  await driver.client.$executeRawUnsafe('UPDATE journal_records SET target = ? WHERE "number" = 2', 'other');
  expect(await run({ PITWALL_SECRET: SECRET }, 'verify')).toEqual({
    code: 1,
    err: '',
    out:
      "BROKEN  one:r01  records 1 to 4: record 2 isn't as it was written, or the key is another\n" +
      'The journal is BROKEN: 1 of 1 chain, 4 records. 1 record in journal.spool wait for the database.\n',
  });
  await driver.client.$executeRawUnsafe('UPDATE journal_records SET target = ? WHERE "number" = 2', 'shop');
  await driver.client.$executeRawUnsafe('DELETE FROM journal_records WHERE "number" > 2');
  expect((await run({}, 'verify', '--anchor', anchor)).out).toContain('records from 3 on are missing');
});

it('says what it misses', async () => {
  const none = await run({ PITWALL_DATA_DIR: join(folder, 'none') }, 'verify');
  expect(none).toMatchObject({ code: 1, out: '' });
  expect(none.err).toContain('set PITWALL_DATA_DIR');
  expect((await run({ PITWALL_DATA_DIR: join(folder, 'none'), PITWALL_SECRET: SECRET }, 'verify')).err).toContain(
    'no database',
  );
  expect(await run({}, 'mend')).toMatchObject({ code: 2 });
  expect(await run({}, 'verify', '--anchor', 'x')).toMatchObject({ code: 2 });
  expect((await run({}, 'verify', '--help')).out).toContain('--anchor');
});
