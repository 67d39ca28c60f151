import { STATUS_CODES } from 'node:http';
import type { Entry } from '../cache/entry.ts';

/** Texts kept; origins use few. */
const MAX_KEPT = 256;

/**
 * One text for all responses with the same status: the status line, and the first of our own headers up to its value.
 */
export function createStatusLines(): (entry: Pick<Entry, 'status' | 'statusMessage'>) => string {
  const kept = new Map<string, string>();
  return ({ status, statusMessage }) => {
    const line = `HTTP/1.1 ${status} ${statusMessage || (STATUS_CODES[status] ?? '')}\r\nAge: `;
    const known = kept.get(line);
    if (known !== undefined) return known;
    if (kept.size < MAX_KEPT) kept.set(line, line);
    return line;
  };
}
