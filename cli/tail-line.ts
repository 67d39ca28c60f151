import { styleText } from 'node:util';
import { formatBytes } from '../lib/benchmark/text-table.ts';
import type { RequestLine } from '../lib/contracts/tail.ts';
import { harmless } from './terminal.ts';

type Style = Parameters<typeof styleText>[0];

function style(record: RequestLine): Style | undefined {
  if (record.status >= 500 || record.result === 'error') return 'red';
  if (record.status >= 400 || record.result === 'stale' || record.aborted) return 'yellow';
  return record.result === 'origin' ? undefined : 'green';
}

function fixed(text: string, width: number): string {
  const clean = harmless(text);
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean.padEnd(width);
}

/** Same widths as `formatRecord`. */
export const TAIL_HEADING = [
  'time        ',
  'code',
  'answered by',
  '   latency',
  '     bytes',
  'service     ',
  'route               ',
  'request',
].join(' ');

/** One aligned line; times are local. */
export function formatRecord(record: RequestLine, colour: boolean): string {
  const at = new Date(record.at);
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const paint = style(record);
  const answered = `${String(record.status).padEnd(4)} ${fixed(record.result, 11)}`;
  const reason = record.reason === undefined || record.reason === null ? '' : ` (${record.reason})`;
  return [
    `${clock}.${String(at.getMilliseconds()).padStart(3, '0')}`,
    colour && paint !== undefined ? styleText(paint, answered, { validateStream: false }) : answered,
    `${record.ms.toFixed(1)} ms`.padStart(10),
    formatBytes(record.bytes).padStart(10),
    fixed(record.service, 12),
    fixed(record.route, 20),
    `${harmless(record.method)} ${harmless(record.path)}${harmless(reason)}${record.aborted ? ' [client left]' : ''}`,
  ].join(' ');
}
