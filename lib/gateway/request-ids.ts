const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const RADIX = DIGITS.length;

/** The last two digits of ids, made once: formatting a number in base 36 per request would cost more than the rest of the id. */
const PAIRS: readonly string[] = Array.from(
  { length: RADIX * RADIX },
  (_, n) => `${DIGITS[Math.floor(n / RADIX)]}${DIGITS[n % RADIX]}`,
);

/**
 * Request ids: six random characters for this worker's run, then a counter in base 36. Unique within a run;
 * across runs as likely to collide as six random characters are.
 *
 * @param random uniform in [0, 1)
 */
export function createRequestIds(random: () => number): () => string {
  const run = Math.floor(random() * RADIX ** 6)
    .toString(RADIX)
    .padStart(6, '0');
  let block = 0;
  let prefix = `${run}0`;
  let next = 0;
  return () => {
    if (next === PAIRS.length) {
      next = 0;
      block++;
      prefix = run + block.toString(RADIX);
    }
    return prefix + (PAIRS[next++] as string);
  };
}
