/** What stands where nothing is known. Never 0, never NaN. */
export const UNKNOWN = '–';

/** A number and its unit, apart so that the unit can be set smaller. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** In one text: "12.3 ms". */
export const withUnit = ({ value, unit }: Quantity): string => `${value} ${unit}`;

type Maybe = number | null | undefined;

const isKnown = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** At most three significant digits and `most` decimals, without trailing zeros: 0.01, 1.2, 12.3, 123, 1,230. */
function significant(value: number, most = 2): string {
  const least = 10 ** -most;
  if (value > 0 && value < least) return `<${least}`;
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size >= 1_000) return grouped.format(rounded);
  if (size < least) return '0';
  const decimals = Math.min(most, Math.max(0, 2 - Math.floor(Math.log10(size))));
  return String(Number(rounded.toFixed(decimals)));
}

/** A plain number in a fixed unit, at most three significant digits; "–" when unknown. */
export function formatNumber(value: Maybe): string {
  return isKnown(value) ? significant(value) : UNKNOWN;
}

/** A whole number, exact up to 9,999 and with an SI prefix above: 812, 4,120, 38.1k. */
export function formatCount(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  if (Math.abs(value) < 9_999.5) return grouped.format(Math.round(value) + 0);
  return formatSi(value);
}

/** The noun for a count: "worker" for 1, "workers" for any other, `many` where that is no "s" more. */
export const plural = (count: Maybe, one: string, many = `${one}s`): string => (count === 1 ? one : many);

/** A count and its noun: "1 worker", "4,120 entries". */
export const formatCounted = (count: Maybe, one: string, many?: string): string =>
  `${formatCount(count)} ${plural(count, one, many)}`;

const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;

function scaled(value: number, base: number, prefixes: readonly string[]): readonly [number, string] {
  let scaledValue = value;
  let step = 0;
  // 999.5 would round up to four digits.
  while (Math.abs(scaledValue) >= base - 0.5 && step < prefixes.length - 1) {
    scaledValue /= base;
    step += 1;
  }
  return [scaledValue, prefixes[step] ?? ''];
}

/** A number with an SI prefix from 1,000 on: 12.3, 4.56k; "–" when unknown. Little is "<0.01", never 0. */
export function formatSi(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  const [number, prefix] = scaled(value, 1_000, SI);
  return significant(number) + prefix;
}

/** Events per second. */
export const formatRate = formatSi;

/** A ratio 0..1 as a percentage without its sign. Only all is 100 and only nothing is 0. */
export function formatPercent(ratio: Maybe): string {
  if (!isKnown(ratio)) return UNKNOWN;
  const percent = ratio * 100;
  if (percent < 100 && percent > 99.9) return '99.9';
  return significant(percent);
}

/** Milliseconds; seconds from 10 s on. */
export function formatLatency(ms: Maybe): Quantity {
  if (!isKnown(ms)) return { value: UNKNOWN, unit: 'ms' };
  const rounded = Number(ms.toPrecision(3));
  if (Math.abs(rounded) >= 10_000) return { value: significant(rounded / 1_000), unit: 's' };
  return { value: significant(ms, 3), unit: 'ms' };
}

const IEC = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in IEC units, as budgets are given in: of memory, disk and bodies. */
export function formatBytes(bytes: Maybe): Quantity {
  if (!isKnown(bytes)) return { value: UNKNOWN, unit: 'MiB' };
  const [number, unit] = scaled(bytes, 1_024, IEC);
  return { value: significant(number), unit };
}

/** Bytes per second in the same units. */
export function formatByteRate(bytes: Maybe): Quantity {
  const { value, unit } = formatBytes(bytes);
  return { value, unit: `${unit}/s` };
}

/** Bytes in the unit that `formatBytes` gives `whole`: a part beside its whole, without a unit of its own. */
export function formatBytesOf(bytes: number, whole: number): string {
  const [, unit] = scaled(whole, 1_024, IEC);
  return significant(bytes / 1_024 ** IEC.findIndex((each) => each === unit));
}

/** A length of time in words of at most two units: "12 s", "4 min", "1 h 5 min", "1 d 4 h", "12 d". */
export function formatDuration(ms: Maybe): string {
  if (!isKnown(ms)) return UNKNOWN;
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return days >= 10 || hours % 24 === 0 ? `${formatCount(days)} d` : `${days} d ${hours % 24} h`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** Wall time of the reader: "14:03:09", or "14:03" without seconds. Ms since the epoch. */
export function formatTime(at: Maybe, seconds = true): string {
  if (!isKnown(at)) return UNKNOWN;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${clock}:${two(date.getSeconds())}` : clock;
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Wall time of the reader, with the day where that isn't today's: "14:03:09", "26 Nov 14:03". Ms since the epoch. */
export function formatWhen(at: Maybe, now: number): string {
  if (!isKnown(at) || new Date(at).toDateString() === new Date(now).toDateString()) return formatTime(at);
  return `${day.format(at)} ${formatTime(at, false)}`;
}

/** A change against the period before. */
export interface Change {
  readonly direction: 'up' | 'down' | 'same';
  /** Without sign: "3.2 %", "1.4 pt", "12×". */
  readonly text: string;
}

/**
 * How `now` compares with `before`: in percent of it, or for ratios (0..1) in percentage points.
 * Null when either is unknown, or when nothing can be said because it was 0. Relative changes are of amounts: never negative.
 */
export function changeOf(now: Maybe, before: Maybe, kind: 'relative' | 'points'): Change | null {
  if (!isKnown(now) || !isKnown(before)) return null;
  const difference =
    kind === 'points' ? (now - before) * 100 : before <= 0 || now < 0 ? NaN : ((now - before) / before) * 100;
  if (!Number.isFinite(difference)) return now === before ? { direction: 'same', text: 'same' } : null;
  const size = Math.abs(difference);
  if (size < (kind === 'points' ? 0.05 : 0.5)) return { direction: 'same', text: 'same' };
  const direction = difference > 0 ? 'up' : 'down';
  if (kind === 'points') return { direction, text: `${significant(Number(size.toFixed(1)))} pt` };
  if (size >= 1_000) return { direction, text: `${significant(Math.round(now / before))}×` };
  return { direction, text: `${significant(Math.round(size))} %` };
}
