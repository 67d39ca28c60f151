/** Whether the database works, for people. */
export type DatabaseState =
  | { readonly state: 'ok' }
  /** `why` is a whole sentence with its full stop, without the database's URL. */
  | { readonly state: 'degraded'; readonly why: string };
