import { durationWords } from '../kernel/time-text.ts';

const number = new Intl.NumberFormat('en-US');
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 12,345 */
export const formatCount = (value: number): string => number.format(Math.round(value));

/** 12.3 %; "–" where nothing was measured. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)} %`;
}

/** 1.5 MiB */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1_023.95 && unit < BYTE_UNITS.length - 1; unit++) value /= 1_024;
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** Milliseconds with three digits that count. */
export function formatMs(ms: number): string {
  if (ms >= 100) return formatCount(ms);
  return ms.toFixed(ms >= 10 ? 1 : 2);
}

/** 250 ms, 42 s, 3 min 5 s, 2 h 10 min */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : durationWords(ms);
}

/** 2015-05-17 10:05:03 UTC */
export const formatTime = (wallMs: number): string =>
  `${new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Columns as wide as their widest cell: the first to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
      )
      .join('   ')
      .trimEnd(),
  );
}
