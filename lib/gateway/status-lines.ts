import { STATUS_CODES } from 'node:http';
import type { Entry } from '../cache/entry.ts';
import { isCacheStatus } from './rendered-response.ts';

/** Texts kept; origins use few. */
const MAX_KEPT = 256;

/**
 * One text for all responses with the same status: the status line, what caches before this one say in Cache-Status,
 * and the first of our own headers up to its value.
 */
export function createStatusLines(): (entry: Pick<Entry, 'status' | 'statusMessage' | 'headers'>) => string {
  const kept = new Map<string, string>();
  return ({ status, statusMessage, headers }) => {
    let line = `HTTP/1.1 ${status} ${statusMessage || (STATUS_CODES[status] ?? '')}\r\n`;
    for (let i = 0; i < headers.length; i += 2)
      if (isCacheStatus(headers[i] as string)) line += `${headers[i]}: ${headers[i + 1]}\r\n`;
    line += 'Age: ';
    const known = kept.get(line);
    if (known !== undefined) return known;
    if (kept.size < MAX_KEPT) kept.set(line, line);
    return line;
  };
}
