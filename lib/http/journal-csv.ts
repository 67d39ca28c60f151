import type { JournalEntry, JournalExport } from '../contracts/journal.ts';

const COLUMNS = [
  'at',
  'kind',
  'action',
  'actor',
  'who',
  'from',
  'target',
  'outcome',
  'error',
  'tookMs',
  'requestId',
  'before',
  'after',
  'chain',
  'number',
] as const satisfies readonly (keyof JournalEntry)[];

/** Said in the first column of the last row, where a reader who scrolls down sees it. */
const CUT = 'Cut here: there may be older entries. Narrow the time and download again.';

/** Entries as CSV (RFC 4180), times in ISO 8601, what was before and after as JSON; a last row tells of a cut. */
export function journalCsv({ entries, more }: JournalExport): string {
  const lines = entries.map((entry) => COLUMNS.map((column) => cell(textOf(entry, column))).join(','));
  if (more) lines.push([CUT, ...COLUMNS.slice(1).map(() => '')].join(','));
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function textOf(entry: JournalEntry, column: (typeof COLUMNS)[number]): string {
  const value = entry[column];
  if (column === 'at') return new Date(entry.at).toISOString();
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
