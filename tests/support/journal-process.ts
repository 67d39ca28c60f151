import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createJournalSpool } from '../../lib/journal/journal-spool.ts';
import { createJournal } from '../../lib/journal/journal.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { PitwallError } from '../../lib/kernel/errors.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { after } from '../../lib/kernel/timer.ts';
import { openSqlite } from '../../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../../lib/storage/journal-repository.ts';
import { bringUp } from './database.ts';
import { KEY } from './journal-chain.ts';

// A process to be killed: eight people run commands without end, a line on stdout for each that was acknowledged.
// With `flaky` the database is away one time in five.
const [folder = '', flaky = ''] = process.argv.slice(2);

const file = join(folder, 'pitwall.db');
const isNew = !existsSync(file);
const driver = openSqlite(file);
if (isNew) await bringUp(driver, 'sqlite');
const store = createJournalRepository(driver.client, 'sqlite');
let appends = 0;
const journal = createJournal({
  store: {
    ...store,
    async append(records, subjects) {
      appends += 1;
      const [before, behind] = [appends % 5 === 3, appends % 5 === 4].map((fails) => fails && flaky !== '');
      if (!before) await store.append(records, subjects);
      if (before || behind) throw new PitwallError('storage_unavailable', 'Away.');
    },
  },
  archive: store,
  spool: createJournalSpool(join(folder, 'journal.spool')),
  key: KEY,
  instance: 'one',
  newId: () => crypto.randomUUID(),
  clock: systemClock,
  after,
  logger: silentLogger,
});

async function act(person: number): Promise<never> {
  for (let n = 0; ; n++) {
    const requestId = `${process.pid}-${person}-${n}`;
    journal.event({ action: 'openBreaker', target: 'shop', before: 'closed', after: n });
    await journal.command(
      {
        actor: `person:${person}`,
        who: `Person ${person}`,
        from: { address: '192.0.2.1', agent: null },
        action: 'setMode',
        target: 'shop',
        before: null,
        after: n,
        requestId,
      },
      () => pause(n % 3),
    );
    process.stdout.write(`${requestId}\n`);
  }
}

process.stdout.write('open\n');
await Promise.all(Array.from({ length: 8 }, (_, person) => act(person)));
