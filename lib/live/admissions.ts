import type { IncomingMessage } from 'node:http';
import type { After } from '../kernel/timer.ts';

/** How often it's looked whether those who were let in may still be there, ms. */
const EVERY_MS = 5_000;

/** A connection that was let in. */
export interface Admitted {
  readonly request: IncomingMessage;
  close(): void;
}

/** Connections that were let in, until they end or whoever opened them may not be there any more. */
export interface Admissions {
  add(connection: Admitted): void;
  remove(connection: Admitted): void;
  /** Looks now. */
  recheck(): Promise<void>;
  close(): void;
}

/**
 * @param mayStay whether the one who sent the handshake would be let in now; a rejection leaves the connection
 */
export function createAdmissions(mayStay: (request: IncomingMessage) => Promise<boolean>, after: After): Admissions {
  const open = new Set<Admitted>();
  let cancel = (): void => undefined;
  let closed = false;

  async function recheck(): Promise<void> {
    await Promise.all(
      [...open].map(async (connection) => {
        const stays = await mayStay(connection.request).catch(() => true);
        if (!stays && open.delete(connection)) connection.close();
      }),
    );
  }

  function plan(): void {
    if (closed) return;
    cancel = after(EVERY_MS, () => void recheck().finally(plan));
  }
  plan();

  return {
    add: (connection) => void open.add(connection),
    remove: (connection) => void open.delete(connection),
    recheck,
    close() {
      closed = true;
      cancel();
    },
  };
}
