/** Of which routes an answer speaks. */
export interface Scope {
  /** What samples of it are kept under; undefined = not kept. */
  readonly key: string | undefined;
  /** Whether a service belongs to it, by name. */
  readonly has: (service: string) => boolean;
  /** Whether a route belongs to it, by id. */
  readonly includes: (id: number) => boolean;
  /** The one route that it is, by id. */
  readonly only: number | undefined;
}
