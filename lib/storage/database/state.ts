/** Whether storage works, for people. */
export type DatabaseState =
  | { readonly state: 'ok' }
  /** `why` is one sentence, without the database's URL. */
  | { readonly state: 'degraded'; readonly why: string };
