import type { PitwallError } from '../kernel/errors.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { FlightSource } from './flight.ts';

/** What a flight needs of the single flight that it belongs to. */
export interface FlightHost {
  readonly windowBytes: number;
  readonly budget: ByteBudget;
}

export interface FlightCallbacks {
  /** The whole body, once, before any reader gets its end. */
  onStored(body: Buffer): void;
  /** It takes no more readers. May be called more than once. */
  onShut(): void;
  /** The origin call is over, once. */
  onLanded(): void;
}

export type Judged<Facts> = Parameters<FlightSource<unknown, Facts>['head']>[1];

export interface Streaming<Head, Facts> {
  readonly kind: 'streaming';
  readonly head: Head;
  readonly shares: ((facts: Facts) => boolean) | undefined;
  /** New readers may come: shareable, within the limit, and the body held from its first byte. */
  open: boolean;
  /** The body is collected for `onStored`. */
  storing: boolean;
}

export type FlightState<Head, Facts> =
  /** For the head. */
  | { readonly kind: 'waiting' }
  | Streaming<Head, Facts>
  /** The origin is done; slow readers still take what is buffered. */
  | { readonly kind: 'ended'; readonly head: Head; readonly trailers: readonly string[] }
  /** Failed or cancelled. */
  | { readonly kind: 'over' };

/** What the source says, as it can be queued. */
export type SourceEvent<Head, Facts> =
  | { readonly kind: 'head'; readonly head: Head; readonly judged: Judged<Facts> }
  | { readonly kind: 'data'; readonly chunk: Buffer }
  | { readonly kind: 'end'; readonly trailers: readonly string[] }
  | { readonly kind: 'fail'; readonly error: PitwallError };

/** Whether a follower may have this response. A judge that throws refuses. */
export function mayShare<Head, Facts>(state: Streaming<Head, Facts>, facts: Facts): boolean {
  try {
    return state.shares?.(facts) === true;
  } catch {
    return false;
  }
}
