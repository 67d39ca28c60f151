import { z } from 'zod';
import type { JournalHead, JournalRecord } from './record.ts';

const headSchema = z.object({ chain: z.string(), number: z.number().int(), mac: z.string() });

const openedSchema = z.object({ previous: headSchema.nullable() });
const checkpointSchema = z.object({ pruned: z.array(headSchema) });

/** What stands in `detail` of a command, an outcome or an event. */
export const changeDetailSchema = z.object({
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  error: z.string().optional(),
  tookMs: z.number().optional(),
});
export type ChangeDetail = z.infer<typeof changeDetailSchema>;

type Text = Pick<JournalRecord, 'detail'>;

/** What a record says; nothing where it can't be read. */
export function readChange(record: Text): ChangeDetail {
  return changeDetailSchema.safeParse(json(record)).data ?? {};
}

/** The head that a record `opened` names. */
export function readPrevious(record: Text): JournalHead | null {
  return openedSchema.safeParse(json(record)).data?.previous ?? null;
}

/** The heads that a checkpoint names: of each chain the last record that was pruned. */
export function readPruned(record: Text): JournalHead[] {
  return checkpointSchema.safeParse(json(record)).data?.pruned ?? [];
}

function json({ detail }: Text): unknown {
  try {
    return JSON.parse(detail);
  } catch {
    return undefined;
  }
}
