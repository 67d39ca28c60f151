import type { GatewayCommand, GatewayEvent, GatewayTopic, SnapshotWants } from '../contracts/control.ts';
import type { Outcome } from './control-calls.ts';

/** Messages of another version are dropped: while a fleet is upgraded, old and new see each other as missing. */
export const VERSION = 1;

/** From a console to an instance. `worker` undefined: all of its workers as one. */
export type ControlRequest = { readonly v: typeof VERSION; readonly from: string } & (
  | { readonly id: number; readonly ask: 'snapshot'; readonly worker: number; readonly wants?: SnapshotWants }
  | { readonly id: number; readonly ask: 'command'; readonly worker?: number; readonly command: GatewayCommand }
  | { readonly id: number; readonly ask: 'describe' }
  /** Everything that the console listens to here; said again before LISTEN_MS are over. */
  | { readonly ask: 'listen'; readonly topics: readonly (readonly [worker: number, topic: GatewayTopic])[] }
);

/** Back to the console that asked. */
export type ControlReply = { readonly v: typeof VERSION } & (
  Outcome | { readonly instance: string; readonly worker: number; readonly event: GatewayEvent }
);

/** To every instance: what unsafe requests have changed. */
export interface ForgetNotice {
  readonly v: typeof VERSION;
  /** The sender's id: it has forgotten them already. */
  readonly from: string;
  readonly changed: readonly (readonly [key: string, url: string])[];
}

/** How long an instance sends events to a console that doesn't say that it still listens, ms. */
export const LISTEN_MS = 5_000;
/** How often a console says so, ms. */
export const RENEW_MS = 2_000;

export const requestsOf = (instance: string): string => `control:to:${instance}`;
export const repliesTo = (console: string): string => `control:from:${console}`;
export const FORGET = 'control:forget';

/** Whether a message is one of ours; what is in it is trusted, as Redis is. */
export function isOurs(message: unknown): message is { readonly v: typeof VERSION } {
  return typeof message === 'object' && message !== null && 'v' in message && message.v === VERSION;
}
