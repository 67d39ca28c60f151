import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment, type Environment } from '../lib/config/environment.ts';
import { findSecret } from '../lib/config/secret.ts';
import { parseAnchor } from '../lib/journal/anchors.ts';
import { journalKey } from '../lib/journal/journal-key.ts';
import { createJournalSpool } from '../lib/journal/journal-spool.ts';
import type { JournalHead } from '../lib/journal/record.ts';
import { verifyJournal } from '../lib/journal/verify.ts';
import { parseDatabaseUrl, type DatabaseLocation } from '../lib/storage/database/location.ts';
import { openPostgresql } from '../lib/storage/database/postgresql.ts';
import { openSqlite } from '../lib/storage/database/sqlite.ts';
import { createJournalRepository } from '../lib/storage/journal-repository.ts';
import { describeVerdict, summarise } from './journal-report.ts';
import { harmless, UsageError, type Command } from './terminal.ts';

const HELP = `pitwall journal verify [options]: checks that nobody changed or cut the journal. Exit code 0: nobody did, 1: somebody did,
or it can't be read.

  --anchor 'CHAIN NUMBER MAC'   a head that the log told ("Journal head: …"); may be repeated. Without one, records
                                that are gone from the end of the newest chain can't be missed.

The database is the one of PITWALL_DATA_DIR or DATABASE_URL, the key is made of PITWALL_SECRET or of the file "secret"
in PITWALL_DATA_DIR. Pitwall may go on running.
`;

type Variables = Readonly<Record<string, string | undefined>>;

function readAnchor(text: string): JournalHead {
  const anchor = parseAnchor(text);
  if (anchor !== undefined) return anchor;
  throw new UsageError(`--anchor expects 'CHAIN NUMBER MAC' as the log tells it, got "${text}".`);
}

function secretOf({ secret, dataDir }: Pick<Environment, 'secret' | 'dataDir'>): string {
  const found = findSecret(secret, dataDir);
  if (found !== undefined) return found;
  const file = join(dataDir, 'secret');
  throw new Error(`There is no ${file}: set PITWALL_DATA_DIR, or PITWALL_SECRET to the secret of this Pitwall.`);
}

function open(location: DatabaseLocation): ReturnType<typeof openSqlite> {
  if (location.provider === 'postgresql') return openPostgresql(location.url);
  // It would be made.
  if (!existsSync(location.file)) throw new Error(`There is no database ${location.file}: set PITWALL_DATA_DIR.`);
  return openSqlite(location.file);
}

async function verify(anchors: readonly JournalHead[], env: Variables): ReturnType<typeof verifyJournal> {
  const environment = readEnvironment(env);
  const location = parseDatabaseUrl(environment.databaseUrl, environment.dataDir);
  const key = journalKey(secretOf(environment));
  const driver = open(location);
  try {
    return await verifyJournal({ archive: createJournalRepository(driver.client, location.provider), key, anchors });
  } finally {
    await driver.close();
  }
}

async function countSpooled(env: Variables): Promise<number> {
  const spool = createJournalSpool(join(readEnvironment(env).dataDir, 'journal.spool'));
  const batches = await spool.read().catch(() => []);
  return batches.reduce((sum, { records }) => sum + records.length, 0);
}

export const journal: Command = async (args, terminal) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { anchor: { type: 'string', multiple: true, default: [] }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    terminal.out.write(HELP);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] !== 'verify')
    throw new UsageError(`pitwall journal knows "verify", got "${positionals.join(' ')}".`);
  const verdicts = await verify(values.anchor.map(readAnchor), process.env);
  for (const verdict of verdicts) terminal.out.write(`${harmless(describeVerdict(verdict))}\n`);
  const { text, ok } = summarise(verdicts, await countSpooled(process.env));
  terminal.out.write(`${text}\n`);
  return ok ? 0 : 1;
};
