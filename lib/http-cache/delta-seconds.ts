/** The longest time that is told apart, in seconds (RFC 9111 section 1.2.2). */
export const MAX_DELTA_SECONDS = 2 ** 31;

/** A non-negative whole number of seconds, clamped to MAX_DELTA_SECONDS; undefined if it isn't one. */
export function parseDeltaSeconds(text: string): number | undefined {
  return /^[0-9]+$/.test(text) ? clampSeconds(Number(text)) : undefined;
}

/** Whole seconds as far as they are told apart. */
export function clampSeconds(seconds: number): number {
  return Math.min(seconds, MAX_DELTA_SECONDS);
}
