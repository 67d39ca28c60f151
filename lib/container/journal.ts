import { join } from 'node:path';
import type { JournalExport, JournalFilter, JournalPage } from '../contracts/journal.ts';
import { journalKey } from '../journal/journal-key.ts';
import { createJournalSpool } from '../journal/journal-spool.ts';
import type { JournalPageQuery } from '../journal/journal-store.ts';
import { createJournal, type Journal } from '../journal/journal.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Redactor } from '../kernel/redact.ts';
import type { After } from '../kernel/timer.ts';
import type { ChangeLog } from '../live/changes.ts';
import type { Database } from '../storage/database/open.ts';

/** Most records that are kept, whatever their age. */
const KEEP = 1_000_000;
const DAY_MS = 86_400_000;
/** After the start, so that it isn't in the way, ms; then once a day. */
const FIRST_PRUNE_MS = 600_000;
/** Most entries of one export, their bytes as JSON, and entries of one page of it: what the console's thread can take. */
const EXPORT = 10_000;
const EXPORT_BYTES = 16 * 1_048_576;
const EXPORT_PAGE = 200;
/** Most changes that are remembered as written down. */
const SEEN = 1_000;

/** What the console does with the journal. */
export interface JournalVerbs {
  command: Journal['command'];
  page(query: JournalPageQuery): Promise<JournalPage>;
  /** The newest entries that the filter lets through, at most 10,000 and 16 MiB; `more` = there may be older ones. */
  all(filter: JournalFilter): Promise<JournalExport>;
  /** Takes out what tells of somebody, and of their log-ins. */
  erase(actor: string): Promise<{ erased: number }>;
}

export interface KeptJournal extends JournalVerbs {
  readonly journal: Journal;
  /** Writes down what changes by itself here, each change once; in a console alone, what changes anywhere. */
  follow(changes: ChangeLog['events'], own: string | undefined): void;
  close(): Promise<void>;
}

export interface KeepJournalOptions {
  readonly database: Pick<Database, 'journal' | 'archive' | 'people' | 'sessions'>;
  readonly secret: string;
  readonly instance: string;
  /** The spool is there. */
  readonly dataDir: string;
  readonly keepDays: number;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly after: After;
  readonly logger: Logger;
}

/** The journal of this process, pruned once a day, and with it sessions and links that have expired. */
export function keepJournal(options: KeepJournalOptions): KeptJournal {
  const { database, secret, instance, dataDir, keepDays, redactor, clock, after, logger } = options;
  const journal = createJournal({
    store: database.journal,
    archive: database.archive,
    spool: createJournalSpool(join(dataDir, 'journal.spool')),
    key: journalKey(secret),
    instance,
    newId: () => crypto.randomUUID(),
    redactor,
    clock,
    after,
    logger,
  });
  void journal.open();

  async function prune(): Promise<void> {
    try {
      const dropped = await journal.prune({ before: clock.wall() - keepDays * DAY_MS, keep: KEEP });
      if (dropped > 0) logger.info(`The journal dropped ${dropped} old records.`);
    } catch (error) {
      logger.warn(`The journal couldn't drop old records: ${asPitwallError(error).message}`);
    }
    try {
      await database.sessions.prune();
    } catch (error) {
      logger.warn(`Expired sessions and links couldn't be dropped: ${asPitwallError(error).message}`);
    }
    cancel = after(DAY_MS, () => void prune());
  }
  let cancel = after(FIRST_PRUNE_MS, () => void prune());

  return {
    journal,
    command: (about, run, describe) => journal.command(about, run, describe),
    page: (query) => database.journal.page(query),
    async all(filter) {
      const entries: JournalPage['entries'] = [];
      let bytes = 0;
      for (let after: string | undefined; entries.length < EXPORT;) {
        const page = await database.journal.page({ ...filter, limit: EXPORT_PAGE, after });
        for (const entry of page.entries) {
          bytes += Buffer.byteLength(JSON.stringify(entry));
          if (bytes > EXPORT_BYTES) return { entries, more: true };
          entries.push(entry);
        }
        if (page.next === null) return { entries, more: false };
        after = page.next;
      }
      return { entries, more: true };
    },
    follow(changes, own) {
      const seen = new Set<string>();
      changes.on(({ id, kind, title, detail, service, instance: where, jobId }) => {
        // What a job reports on is a command; the sample's traffic is nothing of anybody's.
        if (jobId !== null || kind === 'sample' || seen.has(id)) return;
        if (own !== undefined && where !== null && where !== own) return;
        seen.add(id);
        if (seen.size > SEEN) seen.delete(seen.values().next().value as string);
        journal.event({ action: kind, target: service ?? where, before: null, after: { title, detail } });
      });
    },
    async erase(actor) {
      const people = actor.startsWith('person:') ? await database.people.list() : [];
      return { erased: await journal.erase(actor, people.find(({ id }) => actor === `person:${id}`)?.email) };
    },
    async close() {
      cancel();
      await journal.close();
    },
  };
}
