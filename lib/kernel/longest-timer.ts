/** Node's timers hold at most this many ms; a longer one would fire at once. */
export const LONGEST_TIMER = 2_147_483_647;
