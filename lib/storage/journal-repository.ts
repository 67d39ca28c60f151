import { journalEntrySchema, JOURNAL_KINDS, JOURNAL_OUTCOMES, type JournalEntry } from '../contracts/journal.ts';
import { readChange, readPrevious } from '../journal/detail.ts';
import type { ChainExtent, JournalArchive, JournalPageQuery, JournalStore } from '../journal/journal-store.ts';
import { cleanText, emailsOf, STRANGER, type JournalRecord, type JournalSubject } from '../journal/record.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { DatabaseClient } from './database/driver.ts';
import { Prisma } from './database/generated/sqlite/client.ts';
import type { DatabaseProvider } from './database/migrations.ts';
import { dateOf, placeOf, readPlace, type Place } from './journal-place.ts';
import { createJournalPruning } from './journal-pruning.ts';
import { chainRowSchema, entryRowSchema, placeRowSchema, recordOf, subjectOf } from './journal-rows.ts';

/** Rows of one statement: SQLite takes 32,766 arguments. */
const ROWS = 500;
/** Most records that one page looks at where no index finds what is asked for. */
const LOOK = 50_000;

type Sql = Prisma.Sql;
const { sql, join, raw, empty } = Prisma;
const and = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? empty : sql`WHERE ${join([...conditions], ' AND ')}`;
const olderThan = ({ at, chain, number }: Place): Sql =>
  sql`(r."at" < ${new Date(at)} OR (r."at" = ${new Date(at)} AND (r.chain < ${chain} OR (r.chain = ${chain} AND r."number" < ${number}))))`;
const COLUMNS = raw(
  'chain, "number", "at", kind, "action", actor, subject, target, "of", outcome, request_id, detail, mac',
);

/**
 * The journal in the database.
 *
 * SQLite runs in WAL mode with synchronous=FULL (database/sqlite.ts), so that each commit is synced: 0.5 ms more than
 * NORMAL where it was measured. It can't be set for the journal's transactions alone, since the one connection is
 * shared and a transaction of somebody else may be open. PostgreSQL's synchronous_commit is on by default.
 * @param look most records that one page looks at for a text, a kind or an outcome
 */
export function createJournalRepository(
  client: DatabaseClient,
  provider: DatabaseProvider,
  look = LOOK,
): JournalStore & JournalArchive {
  /** Where `part` begins in `text`, from 1; 0 = nowhere. No letter of it means another, as in LIKE. */
  const place = raw(provider === 'sqlite' ? 'instr' : 'strpos');

  const has = (column: string, text: string): Sql =>
    sql`${place}(lower(coalesce(${raw(column)}, '')), lower(${text})) > 0`;

  /** The outcome joined as `o`, the person as `s`. A command has one outcome; of more, which were put in, the first. */
  const joined = sql`FROM journal_records r
    LEFT JOIN journal_records o ON r.kind = 'command' AND o.chain = r.chain AND o."number" = (
      SELECT MIN(x."number") FROM journal_records x WHERE x.chain = r.chain AND x."of" = r."number" AND x.kind = 'outcome')
    LEFT JOIN journal_subjects s ON s.id = r.subject`;

  function conditionsOf(query: JournalPageQuery): Sql[] {
    const { text, named = '', kind, outcome, actor, actions } = query;
    const conditions = [sql`r.kind IN (${join(kind === undefined ? [...JOURNAL_KINDS] : [kind])})`];
    if (outcome === 'pending') conditions.push(sql`r.kind = 'command' AND o.outcome IS NULL`);
    else if (outcome !== undefined) conditions.push(sql`o.outcome = ${outcome}`);
    if (actions !== undefined) conditions.push(sql`r."action" IN (${join([...actions])})`);
    if (actor !== undefined) conditions.push(sql`r.actor = ${cleanText(actor, 100)}`);
    if (text !== undefined && text !== '') {
      const clean = cleanText(text, 200);
      conditions.push(
        sql`(r."action" IN (${join(named.split(',').map((id) => cleanText(id, 100)))}) OR ${join(
          ['r."action"', 'r.target', 's.name', 'r.request_id'].map((column) => has(column, clean)),
          ' OR ',
        )})`,
      );
    }
    return [...conditions, ...sectionOf(query)];
  }

  /** What narrows the time, and the place where the page begins. */
  function sectionOf({ from, to, after }: JournalPageQuery): Sql[] {
    const conditions: Sql[] = [];
    if (from !== undefined) conditions.push(sql`r."at" >= ${dateOf(from)}`);
    if (to !== undefined) conditions.push(sql`r."at" < ${dateOf(to)}`);
    if (after !== undefined) {
      const place = readPlace(after);
      // The first says nothing more, but lets an index begin there.
      conditions.push(sql`r."at" <= ${new Date(place.at)}`, olderThan(place));
    }
    return conditions;
  }

  /** The last record that a page looks at; undefined where it may look at all of them. */
  async function lastLook(query: JournalPageQuery): Promise<Place | undefined> {
    const { text, kind, outcome, actions } = query;
    if (actions !== undefined || (!text && kind === undefined && outcome === undefined)) return undefined;
    const rows = await client.$queryRaw<unknown[]>(sql`
      SELECT r."at", r.chain, r."number" FROM journal_records r ${and(sectionOf(query))}
      ORDER BY r."at" DESC, r.chain DESC, r."number" DESC LIMIT 1 OFFSET ${look - 1}`);
    return rows.map((row) => placeRowSchema.parse(row))[0];
  }

  function insertOf(records: readonly JournalRecord[]): Sql[] {
    const rows = records.map((r) => {
      const values = [r.chain, r.number, new Date(r.at), r.kind, r.action, r.actor, r.subject, r.target, r.of];
      return sql`(${join([...values, r.outcome, r.requestId, r.detail, r.mac])})`;
    });
    return chunks(rows).map((part) => sql`INSERT INTO journal_records (${COLUMNS}) VALUES ${join(part)}`);
  }

  function insertSubjectsOf(subjects: readonly JournalSubject[]): Sql[] {
    const rows = subjects.map((s) => sql`(${join([s.id, s.actor, s.name, s.address, s.agent, new Date(s.at)])})`);
    return chunks(rows).map(
      (part) =>
        sql`INSERT INTO journal_subjects (id, actor, name, address, agent, "at") VALUES ${join(part)} ON CONFLICT DO NOTHING`,
    );
  }

  async function write(statements: readonly Sql[]): Promise<number> {
    const [first] = statements;
    if (first === undefined) return 0;
    if (statements.length === 1) return client.$executeRaw(first);
    const counts = await client.$transaction(statements.map((statement) => client.$executeRaw(statement)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Those of `records` that aren't there; rejects with `conflict` when others are in their places. */
  async function missingOf(records: readonly JournalRecord[]): Promise<JournalRecord[]> {
    const found = new Map<string, string>();
    for (const part of chunks(records)) {
      const where = part.map(({ chain, number }) => ({ chain, number }));
      const rows = await client.journalRecord.findMany({
        where: { OR: where },
        select: { chain: true, number: true, mac: true },
      });
      for (const { chain, number, mac } of rows) found.set(`${number} ${chain}`, mac);
    }
    return records.filter(({ chain, number, mac }) => {
      const there = found.get(`${number} ${chain}`);
      if (there !== undefined && there !== mac)
        throw new PitwallError('conflict', `The journal holds another record ${number} of ${chain}.`);
      return there === undefined;
    });
  }

  return {
    async append(records, subjects) {
      const people = insertSubjectsOf(subjects);
      try {
        await write([...people, ...insertOf(records)]);
      } catch (error) {
        // Also when what failed is the database itself: then this fails as well.
        const missing = await missingOf(records);
        if (missing.length === records.length) throw error;
        await write([...people, ...insertOf(missing)]);
      }
    },

    async page(query) {
      const end = await lastLook(query);
      const seen = end === undefined ? [] : [sql`r."at" >= ${new Date(end.at)}`, sql`NOT (${olderThan(end)})`];
      const rows = await client.$queryRaw<unknown[]>(sql`
        SELECT r.chain, r."number", r."at", r.kind, r."action", r.actor, r.target, r.request_id, r.detail,
          o.outcome, o.detail AS ended, s.name, s.address
        ${joined} ${and([...conditionsOf(query), ...seen])}
        ORDER BY r."at" DESC, r.chain DESC, r."number" DESC LIMIT ${query.limit + 1}`);
      const entries = rows.map(entryOf);
      const shown = entries.slice(0, query.limit);
      const last = shown.at(-1);
      if (last !== undefined && shown.length < entries.length) return { entries: shown, next: placeOf(last) };
      return { entries: shown, next: end === undefined ? null : placeOf(end) };
    },

    async erase(actor, email) {
      const own = await client.journalSubject.findMany({
        where: { actor },
        distinct: ['name'],
        select: { name: true },
      });
      const emails = emailsOf([...own.map(({ name }) => name), email ?? null]);
      const strangers = await client.journalSubject.findMany({
        where: { actor: STRANGER, name: { not: null } },
        distinct: ['name'],
        select: { name: true },
      });
      const theirs = strangers.map(({ name }) => name).filter((name) => emails.has((name ?? '').toLowerCase()));
      const among = theirs.length === 0 ? empty : sql`OR (actor = ${STRANGER} AND name IN (${join(theirs)}))`;
      return write([
        sql`UPDATE journal_subjects SET name = NULL, address = NULL, agent = NULL WHERE (actor = ${actor} ${among})
          AND (name IS NOT NULL OR address IS NOT NULL OR agent IS NOT NULL)`,
      ]);
    },

    async last(instance) {
      const start = `${instance}:`;
      const [newest] = await client.$queryRaw<{ chain: string }[]>(sql`
        SELECT chain FROM journal_records WHERE substr(chain, 1, ${start.length}) = ${start}
          AND ${place}(substr(chain, ${start.length + 1}), ':') = 0
        ORDER BY "at" DESC, chain DESC, "number" DESC LIMIT 1`);
      if (newest === undefined) return null;
      const { chain } = newest;
      const row = await client.journalRecord.findFirst({ where: { chain }, orderBy: { number: 'desc' } });
      return row && { chain, number: row.number, mac: row.mac, closed: row.kind === 'closed' };
    },

    async chains() {
      const rows = await client.$queryRaw<unknown[]>(sql`
        SELECT c.chain, f."number" AS first, f.kind AS kind, f.detail AS detail, l."number" AS last, l.mac AS mac
        FROM (SELECT chain, MIN("number") AS a, MAX("number") AS z FROM journal_records GROUP BY chain) c
        JOIN journal_records f ON f.chain = c.chain AND f."number" = c.a
        JOIN journal_records l ON l.chain = c.chain AND l."number" = c.z
        ORDER BY f."at", c.chain`);
      return rows.map((row): ChainExtent => {
        const { chain, first, kind, detail, last, mac } = chainRowSchema.parse(row);
        const previous = kind === 'opened' ? readPrevious({ detail }) : null;
        return { first, head: { chain, number: last, mac }, previous };
      });
    },

    async read(chain, after, limit) {
      const where = { chain, number: { gt: after } };
      const rows = await client.journalRecord.findMany({ where, orderBy: { number: 'asc' }, take: limit });
      const ids = [...new Set(rows.map(({ subject }) => subject).filter((id) => id !== null))];
      const people = ids.length === 0 ? [] : await client.journalSubject.findMany({ where: { id: { in: ids } } });
      return { records: rows.map(recordOf), subjects: people.map(subjectOf) };
    },

    ...createJournalPruning(client),
  };
}

/** What a person reads of a row. One that somebody spoilt is shown as far as it goes. */
function entryOf(row: unknown): JournalEntry {
  const { ended, detail, at, ...facts } = entryRowSchema.parse(row);
  const said = readChange({ detail });
  const end = ended === null ? undefined : readChange({ detail: ended });
  return {
    chain: facts.chain,
    number: facts.number,
    at,
    kind: journalEntrySchema.shape.kind.parse(facts.kind),
    action: facts.action,
    actor: facts.actor,
    who: facts.name,
    from: facts.address,
    target: facts.target,
    outcome:
      facts.kind === 'command' ? (JOURNAL_OUTCOMES.find((outcome) => outcome === facts.outcome) ?? 'pending') : null,
    requestId: facts.request_id,
    before: said.before ?? null,
    after: end?.after ?? said.after ?? null,
    error: end?.error ?? null,
    tookMs: end?.tookMs ?? null,
  };
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / ROWS) }, (_, index) =>
    items.slice(index * ROWS, (index + 1) * ROWS),
  );
}
