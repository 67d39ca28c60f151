/** Some of the routes. */
export interface Rows {
  /** Their ids, ascending; undefined = all. */
  readonly ids: readonly number[] | undefined;
}

/** Of which routes an answer speaks. */
export interface Scope extends Rows {
  /** What samples of it are kept under; undefined = not kept. */
  readonly key: string | undefined;
  /** Whether a service belongs to it, by name. */
  readonly has: (service: string) => boolean;
  /** Where it's one route alone: which. */
  readonly only: number | undefined;
}
