import { z } from 'zod';
import type { JournalEntry } from '../contracts/journal.ts';
import { PitwallError } from '../kernel/errors.ts';

/** Furthest date that both databases hold, ms since the epoch: the year 9999. */
const LAST_MS = 253_402_300_799_999;

const placeSchema = z.tuple([
  z.number().int().min(0).max(LAST_MS),
  z.number().int().min(0).max(2_147_483_647),
  z.string().max(120),
]);

/** The nearest date that both databases hold. */
export function dateOf(ms: number): Date {
  return new Date(Math.min(LAST_MS, Math.max(0, ms)));
}

export type Place = Pick<JournalEntry, 'at' | 'chain' | 'number'>;

/** Where the page after this entry begins, for JournalQuery.after. */
export function placeOf({ at, chain, number }: Place): string {
  return Buffer.from(JSON.stringify([at, number, chain])).toString('base64url');
}

/** @throws PitwallError `validation_failed` for what placeOf didn't make */
export function readPlace(after: string): Place {
  try {
    const [at, number, chain] = placeSchema.parse(JSON.parse(Buffer.from(after, 'base64url').toString('utf8')));
    return { at, number, chain };
  } catch (error) {
    throw new PitwallError('validation_failed', '"after" is no place in the journal: take "next" of the page before.', {
      cause: error,
    });
  }
}
