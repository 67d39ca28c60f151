/** off = never started; idle = nobody has watched for a while; stopped = by a person, and it stays so. */
export type TrafficState = 'off' | 'running' | 'stopped' | 'idle';

/** What the sample's thread is told. */
export type SampleCommand =
  | { readonly type: 'start'; readonly gatewayUrl: string }
  | { readonly type: 'stop' }
  | { readonly type: 'resume' }
  | { readonly type: 'watchers'; readonly count: number }
  /** Every answer of the origin fails for this long, or until `heal`. */
  | { readonly type: 'fail'; readonly seconds: number }
  | { readonly type: 'heal' }
  /** Answered by `done` with the same id. */
  | { readonly type: 'burst'; readonly id: number; readonly gatewayUrl: string; readonly requests: number }
  /** No traffic any more until `start`; answered by `done` when nothing is under way. */
  | { readonly type: 'halt'; readonly id: number }
  | { readonly type: 'close' };

/** What the sample's thread tells. */
export type SampleReport =
  | { readonly type: 'listening'; readonly originUrl: string }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'state'; readonly state: TrafficState }
  | { readonly type: 'done'; readonly id: number; readonly burst?: BurstResult };

/** What became of identical requests that were sent at once. */
export interface BurstResult {
  readonly path: string;
  readonly requests: number;
  /** Got a 2xx. */
  readonly answered: number;
  /** Got anything else, or nothing. */
  readonly failed: number;
  /** Of those answered: waited for a call that another had made. */
  readonly coalesced: number;
  /** Of those answered: came from the store. */
  readonly stored: number;
  /** Counted by the origin itself. */
  readonly originCalls: number;
  /** Connections that carried them. */
  readonly connections: number;
  readonly ms: number;
}

/** What it's started with. */
export interface SampleSettings {
  /** Mean requests per second. */
  readonly rate: number;
  /** Factor on every delay of the origin; 0 = answer at once. */
  readonly latencyScale: number;
  /** Traffic rests after this long with nobody watching, ms. */
  readonly idleAfterMs: number;
}
