import type { GatewayCommand } from '../contracts/control.ts';
import { PitwallError, type ErrorCode } from '../kernel/errors.ts';

/** How long an answer may take, ms; a drain has its grace on top. */
const DEADLINE_MS = 5_000;

/** What became of a call, as it travels. */
export type Outcome =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } };

/** Calls that wait for their answer. */
export interface Calls {
  /** Sends a call under a new id; rejects with `gateway_unavailable` at the deadline, or with what `send` throws. */
  ask(deadlineMs: number, send: (id: number) => void | Promise<void>): Promise<unknown>;
  /** An answer that nobody waits for any more is dropped. */
  settle(outcome: Outcome): void;
  /** Every call that waits rejects with `gateway_unavailable`. */
  failAll(why: string): void;
}

export function createCalls(): Calls {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let ids = 0;

  return {
    ask(deadlineMs, send) {
      const id = ++ids;
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(id);
          reject(new PitwallError('gateway_unavailable', `The gateway didn't answer within ${deadlineMs} ms.`));
        }, deadlineMs);
        const end = (): void => {
          clearTimeout(late);
          waiting.delete(id);
        };
        const call = {
          resolve(value: unknown) {
            end();
            resolve(value);
          },
          reject(error: Error) {
            end();
            reject(error);
          },
        };
        waiting.set(id, call);
        const sent = async (): Promise<void> => send(id);
        sent().catch((error: Error) => call.reject(error));
      });
    },
    settle(outcome) {
      const call = waiting.get(outcome.id);
      if ('error' in outcome) call?.reject(new PitwallError(outcome.error.code, outcome.error.message));
      else call?.resolve(outcome.value);
    },
    failAll(why) {
      for (const call of [...waiting.values()]) call.reject(new PitwallError('gateway_unavailable', why));
    },
  };
}

/** How long `command` may take, ms. */
export function commandDeadline(command: GatewayCommand): number {
  return DEADLINE_MS + (command.type === 'drain' ? command.graceMs : 0);
}

/** How long a snapshot may take, ms. */
export const SNAPSHOT_DEADLINE_MS = DEADLINE_MS;
