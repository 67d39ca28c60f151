/** A replacement policy on its own: it holds keys and their sizes, nothing else. */
export interface Policy {
  /** Asks for a key, and stores it if it isn't held. @returns whether it was a hit */
  ask(key: string, size: number): boolean;
}

/** @param capacity in the unit of the sizes: entries where each has size 1, or bytes */
export type CreatePolicy = (capacity: number) => Policy;
