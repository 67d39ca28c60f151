import { z } from 'zod';
import type { JournalRecord, JournalSubject } from '../journal/record.ts';
import type { JournalRecordModel, JournalSubjectModel } from './database/generated/sqlite/models.ts';

/** Databases answer whole numbers as numbers or bigints. */
const whole = z.union([z.number(), z.bigint()]).transform(Number);
const nullable = z.string().nullable();
const moment = z.date().transform((date) => date.getTime());

export const entryRowSchema = z.object({
  chain: z.string(),
  number: whole,
  at: moment,
  kind: z.string(),
  action: z.string(),
  actor: z.string(),
  target: nullable,
  request_id: nullable,
  detail: z.string(),
  outcome: nullable,
  ended: nullable,
  name: nullable,
  address: nullable,
});

export const placeRowSchema = z.object({ at: moment, chain: z.string(), number: whole });

export const extentRowSchema = z.object({ chain: z.string(), first: whole });

export const chainRowSchema = z.object({
  chain: z.string(),
  first: whole,
  kind: z.string(),
  detail: z.string(),
  last: whole,
  mac: z.string(),
});

/** As it's stored, whatever that is: the mac tells whether it's what was written. */
export function recordOf({ at, kind, outcome, ...row }: JournalRecordModel): JournalRecord {
  return {
    ...row,
    at: at.getTime(),
    kind: kind as JournalRecord['kind'],
    outcome: outcome as JournalRecord['outcome'],
  };
}

export function subjectOf({ at, ...row }: JournalSubjectModel): JournalSubject {
  return { ...row, at: at.getTime() };
}
