import { LONGEST_WINDOW_MS, RANGES, rangeSchema, type Range } from '../lib/contracts/overview';
import { windowTime, type Time, type View } from './view';

const MINUTE = 60_000;

/** The ends of what is looked at, ms since the epoch. */
export function endsOf(time: Time, now: number): readonly [from: number, to: number] {
  return time.kind === 'window' ? [time.from, time.to] : [now - RANGES[time.range] * 1_000, now];
}

const lengthOf = (time: Time): number => (time.kind === 'window' ? time.to - time.from : RANGES[time.range] * 1_000);

/** The range up to now that shows about as much: the shortest that isn't shorter. */
export function liveTime(time: Time): Time {
  const range = rangeSchema.options.find((each) => RANGES[each] * 1_000 >= lengthOf(time)) ?? '30m';
  return { kind: 'live', range };
}

/** What Live/Pause does: hold this moment, or go on with now. */
export function togglePause({ time, paused }: Pick<View, 'time' | 'paused'>): Partial<View> {
  return time.kind === 'window' ? { time: liveTime(time), paused: false } : { paused: !paused };
}

/** A window, or a range up to now where that is what it comes to. */
function upTo(from: number, to: number, now: number): Time {
  const range = rangeSchema.options.find((each: Range) => RANGES[each] * 1_000 === to - from);
  return to >= now && range !== undefined ? { kind: 'live', range } : windowTime(from, to);
}

/** Earlier (−1) or later (1) by its own length; never past now, where it's live again if it can be. */
export function shiftTime(time: Time, now: number, direction: -1 | 1): Time {
  if (time.kind === 'live' && direction === 1) return time;
  const [from, to] = endsOf(time, now);
  const length = to - from;
  const end = Math.min(to + direction * length, Math.max(now, to));
  return upTo(end - length, end, now);
}

/** Twice as long around the same middle, an hour at most, not past now; of a range up to now, the next longer one. */
export function zoomOut(time: Time, now: number): Time {
  if (time.kind === 'live') {
    const options = rangeSchema.options;
    const next = options[options.indexOf(time.range) + 1];
    return next === undefined ? windowTime(now - LONGEST_WINDOW_MS, now) : { kind: 'live', range: next };
  }
  const length = Math.min(2 * (time.to - time.from), LONGEST_WINDOW_MS);
  const end = Math.min((time.from + time.to + length) / 2, Math.max(now, time.to));
  return windowTime(end - length, end);
}

const RELATIVE = /^now(?:\s*-\s*(\d+(?:\.\d+)?)\s*(s|m|min|h))?$/i;
const UNIT: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE, min: MINUTE, h: 60 * MINUTE };
const CLOCK = /^(?:(\d{4})-(\d{2})-(\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/**
 * A moment as people type it: "now", "now-20m", "14:02", "14:02:10", "2026-02-03 14:02:10" by the reader's clock.
 * A time without a day is the last one. Null for what isn't one.
 */
export function parseMoment(text: string, now: number): number | null {
  const relative = RELATIVE.exec(text.trim());
  if (relative !== null) return now - Number(relative[1] ?? 0) * (UNIT[relative[2]?.toLowerCase() ?? 's'] ?? 0);
  const clock = CLOCK.exec(text.trim());
  if (clock === null) return null;
  const [year, month, day, hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0));
  if ((hours ?? 0) > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return null;
  const date = new Date(now);
  const dated = clock[1] !== undefined;
  if (dated) date.setFullYear(year ?? 0, (month ?? 1) - 1, day);
  if (dated && (date.getDate() !== day || date.getMonth() + 1 !== month)) return null;
  date.setHours(hours ?? 0, minutes ?? 0, seconds ?? 0, 0);
  if (!dated && date.getTime() > now) date.setDate(date.getDate() - 1);
  return date.getTime();
}

/** What was typed for a window: the time that it means, or what is wrong with it, by field. */
export type WindowDraft =
  { readonly time: Time } | { readonly wrong: { readonly from?: string; readonly to?: string } };

const SPELLED = 'Type now-20m, 14:02:10 or 2026-02-03 14:02.';

/** @param from, to as typed */
export function parseWindow(from: string, to: string, now: number): WindowDraft {
  const [start, end] = [parseMoment(from, now), parseMoment(to, now)];
  if (start === null || end === null) {
    return { wrong: { ...(start === null && { from: SPELLED }), ...(end === null && { to: SPELLED }) } };
  }
  if (end > now + MINUTE) return { wrong: { to: 'That is still to come.' } };
  if (start >= end) return { wrong: { from: 'It has to begin before it ends.' } };
  if (end - start > LONGEST_WINDOW_MS) return { wrong: { from: 'A window is at most an hour long.' } };
  if (end < now - LONGEST_WINDOW_MS) return { wrong: { to: 'Pitwall keeps the last hour, and since its start.' } };
  return { time: upTo(start, end, now) };
}
