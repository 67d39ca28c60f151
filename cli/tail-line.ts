import { styleText } from 'node:util';
import { z } from 'zod';
import { RESULTS } from '../lib/contracts/traffic.ts';

/** What the console sends on `requests`; unknown fields pass, so that a newer console can be followed. */
export const requestsSchema = z.object({
  records: z.array(
    z.looseObject({
      at: z.number(),
      service: z.string(),
      route: z.string(),
      method: z.string(),
      path: z.string(),
      status: z.number(),
      result: z.string(),
      reason: z.string().nullish(),
      bytes: z.number(),
      ms: z.number(),
      aborted: z.boolean(),
    }),
  ),
  dropped: z.number().default(0),
});
export type TailRecord = z.output<typeof requestsSchema>['records'][number];

export interface TailFilter {
  readonly service: readonly string[];
  readonly route: readonly string[];
  /** "404" or a class such as "5xx". */
  readonly status: readonly string[];
  readonly result: readonly string[];
}

/** An empty list of a filter lets everything pass. */
export function passes(record: TailRecord, filter: TailFilter): boolean {
  const among = (wanted: readonly string[], value: string): boolean => wanted.length === 0 || wanted.includes(value);
  const status = String(record.status);
  return (
    among(filter.service, record.service) &&
    among(filter.route, record.route) &&
    among(filter.result, record.result) &&
    (filter.status.length === 0 || filter.status.some((want) => want === status || want === `${status[0]}xx`))
  );
}

export const isStatusFilter = (text: string): boolean => /^[1-5](\d\d|xx)$/.test(text);
export const isResult = (text: string): boolean => RESULTS.some((result) => result === text);

type Style = Parameters<typeof styleText>[0];

function style(record: TailRecord): Style | undefined {
  if (record.status >= 500 || record.result === 'error') return 'red';
  if (record.status >= 400 || record.result === 'stale' || record.aborted) return 'yellow';
  return record.result === 'origin' ? undefined : 'green';
}

/** Nothing that a client sends may steer the terminal. */
function harmless(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}

function fixed(text: string, width: number): string {
  const clean = harmless(text);
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean.padEnd(width);
}

function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 999_950) return `${(count / 1_000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
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
export function formatRecord(record: TailRecord, colour: boolean): string {
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
    bytes(record.bytes).padStart(10),
    fixed(record.service, 12),
    fixed(record.route, 20),
    `${harmless(record.method)} ${harmless(record.path)}${harmless(reason)}${record.aborted ? ' [client left]' : ''}`,
  ].join(' ');
}
