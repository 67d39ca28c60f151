const UNITS = [
  { unit: 'd', from: 172_800, seconds: 86_400, next: 'h', nextSeconds: 3_600 },
  { unit: 'h', from: 3_600, seconds: 3_600, next: 'min', nextSeconds: 60 },
  { unit: 'min', from: 0, seconds: 60, next: 's', nextSeconds: 1 },
] as const;

/** A length of time of a minute and more in at most two units, rounded: "3 min 5 s", "24 h", "2 d 4 h". */
export function durationWords(ms: number): string {
  const whole = Math.round(ms / 1_000);
  const { unit, seconds, next, nextSeconds } = UNITS.find(({ from }) => whole >= from) ?? UNITS[2];
  const rounded = Math.round(whole / nextSeconds) * nextSeconds;
  const rest = (rounded % seconds) / nextSeconds;
  return `${Math.floor(rounded / seconds)} ${unit}${rest === 0 ? '' : ` ${rest} ${next}`}`;
}

/** A length of time as people read it: "0.25 s", "90 s", "24 h"; "-3 s" of what is over. */
export function timeText(ms: number): string {
  if (ms < 0) return `-${timeText(-ms)}`;
  if (ms >= 120_000) return durationWords(ms);
  return `${ms >= 60_000 ? Math.round(ms / 1_000) : Number((ms / 1_000).toFixed(2))} s`;
}
