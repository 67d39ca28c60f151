import './no-eval.ts';
import { z } from 'zod';

const wall = z.number().describe('ms since the epoch');

/**
 * command: somebody asked for a change, and what became of it. event: the engine changed by itself. opened, closed: an
 * instance started, ended. gap: events may be missing, since an instance ended without closing, or are, since more came
 * than could be kept.
 */
export const JOURNAL_KINDS = ['command', 'event', 'opened', 'closed', 'gap'] as const;
export const journalKindSchema = z.enum(JOURNAL_KINDS);
export type JournalKind = z.infer<typeof journalKindSchema>;

/** pending: the command was written down, and no outcome (yet): it may have taken effect. */
export const JOURNAL_OUTCOMES = ['done', 'refused', 'failed', 'pending'] as const;
export const journalOutcomeSchema = z.enum(JOURNAL_OUTCOMES);
export type JournalOutcome = z.infer<typeof journalOutcomeSchema>;

export const journalEntrySchema = z
  .object({
    chain: z.string().describe('The chain of the instance that wrote it'),
    number: z.number().int().describe('Its place in the chain'),
    at: wall,
    kind: journalKindSchema,
    action: z.string().describe('What was done: the operation’s id, such as clearCache'),
    actor: z.string().describe('local, person:ID, token:ID, stranger (somebody who logs in) or engine'),
    who: z.string().nullable().describe('The name, while it isn’t erased'),
    from: z.string().nullable().describe('The address, while it isn’t erased'),
    target: z.string().nullable().describe('What it was done to'),
    outcome: journalOutcomeSchema.nullable().describe('Null for what isn’t a command'),
    requestId: z.string().nullable(),
    before: z.unknown().describe('What was there; null where unknown'),
    after: z.unknown().describe('What was asked for, or is there now'),
    error: z.string().nullable().describe('Why it was refused or failed'),
    tookMs: z.number().nullable().describe('Until its outcome, ms'),
  })
  .meta({ id: 'JournalEntry', description: 'One command, or one change of state' });
export type JournalEntry = z.infer<typeof journalEntrySchema>;

export const journalPageSchema = z.object({
  entries: z.array(journalEntrySchema).describe('Newest first'),
  next: z
    .string()
    .nullable()
    .describe('The next page: ?after=…, also behind a page that is short or empty; null at the end'),
});
export type JournalPage = z.infer<typeof journalPageSchema>;

/** ms since the epoch, to the last that a Date holds. */
const moment = z.coerce.number().int().min(0).max(8.64e15).optional();

/** Filters of GET /api/journal. */
export const journalFilterSchema = z.strictObject({
  text: z.string().trim().max(200).optional().describe('In the action, the target, who, or the request’s id'),
  named: z
    .string()
    .max(1_000)
    .optional()
    .describe(
      'With a text: ids of actions, split by commas, that are found as well, such as clearCache, which the console calls "Cleared"',
    ),
  kind: journalKindSchema.optional().describe('Only entries of this kind'),
  outcome: journalOutcomeSchema.optional().describe('Only commands that ended so'),
  actor: z.string().max(100).optional().describe('local, person:ID, token:ID, stranger or engine'),
  from: moment.describe('Not before, ms since the epoch'),
  to: moment.describe('Before, ms since the epoch'),
});
export type JournalFilter = z.infer<typeof journalFilterSchema>;

export const journalQuerySchema = journalFilterSchema.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most entries of one page'),
  after: z.string().max(200).optional().describe('Where the page begins: "next" of the page before'),
});
export type JournalQuery = z.infer<typeof journalQuerySchema>;

export const journalExportSchema = z.object({
  more: z.boolean().describe('The file is cut: there may be older entries'),
  entries: z.array(journalEntrySchema).describe('Newest first'),
});
export type JournalExport = z.infer<typeof journalExportSchema>;
/** The answer of GET /api/journal/export: as above, or the text of a CSV file. */
export const journalFileSchema = z.union([journalExportSchema, z.string()]);

/** POST /api/journal/erase. */
export const eraseSchema = z.object({
  actor: z
    .string()
    .max(100)
    .regex(/^(person|token):.+$|^stranger$/, 'expected person:ID, token:ID or stranger')
    .describe('Whose: person:ID, token:ID, or stranger for all who tried to log in'),
});
export const erasedSchema = z.object({
  erased: z.number().int().describe('How many rows told of them, their log-ins included'),
});

/** GET /api/journal/export. */
export const journalExportQuerySchema = journalFilterSchema.extend({
  format: z.enum(['csv', 'json']).default('json').describe('Of the file'),
});
