import type { JournalArchive, PruneBounds } from '../journal/journal-store.ts';
import { CHECKPOINT_ACTION, type JournalHead } from '../journal/record.ts';
import type { DatabaseClient } from './database/driver.ts';
import { dateOf } from './journal-place.ts';
import { extentRowSchema, recordOf } from './journal-rows.ts';

/** Most records of one slice: dropping them takes a fraction of a second. */
const SLICE = 10_000;

/** Cuts the journal's old end off, a slice at a time, so that others can use the database in between. */
export function createJournalPruning(client: DatabaseClient): Pick<JournalArchive, 'prunable' | 'prune'> {
  /** Records from before it may go; undefined = none. */
  async function edgeOf({ before, keep }: PruneBounds): Promise<Date | undefined> {
    const [oldest] = await client.journalRecord.findMany({ orderBy: { at: 'asc' }, take: 1, select: { at: true } });
    if (oldest === undefined) return undefined;
    const [kept] =
      keep === undefined || keep < 1
        ? []
        : await client.journalRecord.findMany({
            orderBy: [{ at: 'desc' }, { chain: 'desc' }, { number: 'desc' }],
            skip: keep - 1,
            take: 1,
            select: { at: true },
          });
    const edge = Math.max(before, kept?.at.getTime() ?? before);
    return oldest.at.getTime() < edge ? dateOf(edge) : undefined;
  }

  /** The last record of a chain that may go, at most the `room`-th from `first` on. */
  async function cutOf(chain: string, first: number, room: number, edge: Date): Promise<JournalHead | null> {
    const slice = { gte: first, lt: first + room };
    // A clock that stepped back may have put a younger record before an older one: the younger holds both.
    const stays = await client.journalRecord.findFirst({
      where: { chain, number: slice, at: { gte: edge } },
      orderBy: { number: 'asc' },
      select: { number: true },
    });
    return client.journalRecord.findFirst({
      where: { chain, number: stays === null ? slice : { lt: stays.number } },
      orderBy: { number: 'desc' },
      select: { chain: true, number: true, mac: true },
    });
  }

  return {
    async prunable(bounds) {
      const found = await client.journalRecord.findMany({
        where: { action: CHECKPOINT_ACTION, kind: 'checkpoint' },
        orderBy: { at: 'asc' },
      });
      const checkpoints = found.map(recordOf);
      const edge = await edgeOf(bounds);
      if (edge === undefined) return { cuts: [], checkpoints, more: false };
      const rows = await client.$queryRaw<unknown[]>`
        SELECT c.chain, c.a AS first FROM (SELECT chain, MIN("number") AS a FROM journal_records GROUP BY chain) c
        JOIN journal_records f ON f.chain = c.chain AND f."number" = c.a AND f."at" < ${edge} ORDER BY f."at", c.chain`;
      const cuts: JournalHead[] = [];
      let room = SLICE;
      for (const { chain, first } of rows.map((row) => extentRowSchema.parse(row))) {
        const cut = await cutOf(chain, first, room, edge);
        if (cut === null) continue;
        cuts.push(cut);
        room -= cut.number - first + 1;
        if (room <= 0) break;
      }
      return { cuts, checkpoints, more: room <= 0 };
    },

    async prune(cuts, before) {
      const counts = await client.$transaction(
        cuts.map(
          ({ chain, number }) =>
            client.$executeRaw`DELETE FROM journal_records WHERE chain = ${chain} AND "number" <= ${number}`,
        ),
      );
      if (cuts.length > 0 && before !== undefined) {
        await client.$executeRaw`DELETE FROM journal_subjects WHERE "at" < ${dateOf(before)}
          AND id NOT IN (SELECT subject FROM journal_records WHERE subject IS NOT NULL)`;
      }
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
