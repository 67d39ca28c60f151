const DURATIONS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;
const SIZES = [
  ['GiB', 1_073_741_824],
  ['MiB', 1_048_576],
  ['KiB', 1_024],
] as const;

function inUnits(value: number, units: readonly (readonly [string, number])[], smallest: string): string {
  const unit = units.find(([, factor]) => value >= factor && value % factor === 0);
  return unit === undefined ? `${value}${smallest}` : `${value / unit[1]}${unit[0]}`;
}

/** 90000 -> "90s": as a configuration would have it; 0 stays "0". */
export const durationText = (ms: number): string => (ms === 0 ? '0' : inUnits(ms, DURATIONS, 'ms'));

/** 65536 -> "64KiB". */
export const sizeText = (bytes: number): string => (bytes === 0 ? '0' : inUnits(bytes, SIZES, 'B'));
