import type { ComponentType } from 'react';

/** One part of the console, in each state that it has. */
export interface Specimen {
  readonly name: string;
  /** What to try, or what can't be seen in a still: hover, focus. */
  readonly note?: string;
  readonly Show: ComponentType;
}
