/** Most texts that are kept, and most bytes of all. */
export const MOST_CONFIG_TEXTS = 500;
export const MOST_CONFIG_BYTES = 33_554_432;

/** Texts of configurations, without secrets, by their hash. Every method may reject with `storage_unavailable`. */
export interface ConfigTexts {
  /** Keeps it, and drops those that ran longest ago where there are too many. @param at ms since the epoch */
  put(hash: string, text: string, at: number): Promise<void>;
  /** Null where it isn't kept (any more). @param id what its hash begins with */
  find(id: string): Promise<string | null>;
}
