/** off = never started; idle = nobody has watched for a while; stopped = by a person, and it stays so. */
export type TrafficState = 'off' | 'running' | 'stopped' | 'idle';

/** What the sample's thread is told. */
export type SampleCommand =
  | { readonly type: 'start'; readonly gatewayUrl: string }
  | { readonly type: 'stop' }
  | { readonly type: 'resume' }
  | { readonly type: 'watchers'; readonly count: number }
  | { readonly type: 'close' };

/** What the sample's thread tells. */
export type SampleReport =
  | { readonly type: 'listening'; readonly originUrl: string }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'state'; readonly state: TrafficState };

/** What it's started with. */
export interface SampleSettings {
  /** Mean requests per second. */
  readonly rate: number;
  /** Factor on every delay of the origin; 0 = answer at once. */
  readonly latencyScale: number;
  /** Traffic rests after this long with nobody watching, ms. */
  readonly idleAfterMs: number;
}
