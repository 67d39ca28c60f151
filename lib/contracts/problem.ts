import './no-eval.ts';
import { z } from 'zod';

/** RFC 9457 problem details with a stable `code`. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:pitwall:problem: and the code'),
    title: z.string().describe('What kind of problem; the same for each code'),
    status: z.number().int().describe('The status of the response'),
    detail: z.string().describe('What is wrong this time, and where known what to do'),
    code: z.string().describe('Stable: match on it'),
    instance: z.string().optional().describe("The request's id, to find it in the log"),
  })
  .meta({ id: 'Problem', description: 'Why a request failed (RFC 9457)' });
export type Problem = z.infer<typeof problemSchema>;
