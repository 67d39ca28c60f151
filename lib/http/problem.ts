import type { Problem } from '../contracts/problem.ts';
import type { PitwallError } from '../kernel/errors.ts';
import { toProblem } from '../kernel/problem.ts';

/**
 * What a client of the console is told about `error` (RFC 9457). An unforeseen error keeps its message
 * for the log: the client gets the id to find it by.
 *
 * @param id the request's id
 */
export function problem(error: PitwallError, id: string): Problem {
  return toProblem(error.code, error.code === 'internal' ? 'Look for this id in the log.' : error.message, id);
}
