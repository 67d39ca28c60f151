import { z } from 'zod';

/** RFC 9457 problem details with a stable `code`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  /** The request's id, to find it in the log. */
  instance: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
