/** Most bytes that all flights together hold. */
export interface ByteBudget {
  readonly used: number;
  /** Whether there is room enough to read an origin faster than its readers. */
  readonly roomy: boolean;
  /** Takes `bytes` if they fit; false if they don't. */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
}

/** A usual socket read; the most that arrives before an origin can be paused. */
const USUAL_CHUNK = 65_536;

export function createByteBudget(total: number): ByteBudget {
  const kept = Math.min(USUAL_CHUNK, Math.floor(total / 16));
  let used = 0;
  return {
    get used() {
      return used;
    },
    get roomy() {
      return used + kept < total;
    },
    reserve(bytes) {
      if (used + bytes > total) return false;
      used += bytes;
      return true;
    },
    release(bytes) {
      used -= bytes;
    },
  };
}
