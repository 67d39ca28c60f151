import { asPitwallError, PitwallError } from '../../../kernel/errors.ts';
import type { DiskState } from './disk-store.ts';
import { createFigures, type Figures } from './figures.ts';
import type { DiskAnswer, DiskAsk, DiskConnection, DiskReply, DiskRequest } from './protocol.ts';

/** Questions to the storage thread, by number, over one port at a time. */
export interface DiskLink {
  readonly figures: Figures;
  readonly state: DiskState;
  readonly reachable: boolean;
  /**
   * Asks, and waits at most `deadlineMs`, and 1 ms for each 64 KiB that are said to be on their way.
   * @throws PitwallError `storage_unavailable`, late or without a thread; what the thread failed with
   */
  ask(question: DiskAsk, deadlineMs: number, transfer?: readonly ArrayBuffer[]): Promise<DiskAnswer>;
  /** Sends `pieces` under the number of a `begin`, with a turn of the loop between them; then as `ask`. */
  send(question: DiskAsk, pieces: Iterable<Uint8Array<ArrayBuffer>>, deadlineMs: number): Promise<DiskAnswer>;
  /** Goes on over another port; what was asked over the old one has failed. */
  reconnect(connection: DiskConnection): void;
  close(): void;
}

interface Waiting {
  resolve(answer: DiskAnswer): void;
  reject(error: PitwallError): void;
  readonly deadlineMs: number;
  late: NodeJS.Timeout;
}

const OK: DiskState = { state: 'ok', why: undefined };
const AWAY: DiskState = { state: 'degraded', why: 'The storage thread is away; it will be started again.' };
/** Slowest disk that is waited for, bytes per ms. */
const SLOWEST = 65_536;

export function createDiskLink(connection: DiskConnection): DiskLink {
  let { port } = connection;
  let figures = createFigures(connection.head);
  let state = OK;
  let away = false;
  let asked = 0;
  const waiting = new Map<number, Waiting>();
  let turns = Promise.resolve();

  function take(n: number): Waiting | undefined {
    const call = waiting.get(n);
    waiting.delete(n);
    clearTimeout(call?.late);
    return call;
  }

  function expire(n: number, ms: number): NodeJS.Timeout {
    const fail = (): void =>
      take(n)?.reject(new PitwallError('storage_unavailable', `The storage thread didn't answer within ${ms} ms.`));
    return setTimeout(fail, ms);
  }

  function abandon(): void {
    away = true;
    state = AWAY;
    for (const n of [...waiting.keys()])
      take(n)?.reject(new PitwallError('storage_unavailable', 'The storage thread has ended.'));
  }

  function listen(): void {
    const current = port;
    current.on('message', (reply: DiskReply) => {
      if ('state' in reply) state = reply.state;
      else if ('coming' in reply) {
        const call = waiting.get(reply.n);
        if (call === undefined) return;
        clearTimeout(call.late);
        call.late = expire(reply.n, call.deadlineMs + Math.ceil(reply.coming / SLOWEST));
      } else if ('error' in reply) take(reply.n)?.reject(new PitwallError(reply.error.code, reply.error.message));
      else take(reply.n)?.resolve(reply);
    });
    current.on('close', () => {
      if (port === current) abandon();
    });
  }

  /** The answer to `n`, which is yet to be asked. */
  function wait(n: number, deadlineMs: number): Promise<DiskAnswer> {
    return new Promise((resolve, reject) =>
      waiting.set(n, { resolve, reject, deadlineMs, late: expire(n, deadlineMs) }),
    );
  }

  /** The next turn of the loop that is nobody else's: however many send, a turn takes one piece. */
  function turn(): Promise<void> {
    turns = turns.then(() => new Promise((resolve) => setImmediate(resolve)));
    return turns;
  }

  listen();

  return {
    get figures() {
      return figures;
    },
    get state() {
      return state;
    },
    get reachable() {
      return !away;
    },
    async ask(question, deadlineMs, transfer = []) {
      if (away) throw new PitwallError('storage_unavailable', 'The storage thread has ended.');
      const n = ++asked;
      const answer = wait(n, deadlineMs);
      port.postMessage({ n, ...question } satisfies DiskRequest, transfer);
      return answer;
    },
    async send(question, pieces, deadlineMs) {
      const n = ++asked;
      const over = port;
      if (away) throw new PitwallError('storage_unavailable', 'The storage thread has ended.');
      const answer = wait(n, deadlineMs);
      // It may fail before all is sent; whoever awaits it hears of that at the end.
      answer.catch(() => undefined);
      over.postMessage({ n, ...question } satisfies DiskRequest);
      for (const piece of pieces) {
        await turn();
        if (!waiting.has(n)) break;
        over.postMessage({ n, piece } satisfies DiskRequest, [piece.buffer]);
      }
      return answer;
    },
    reconnect(next) {
      const old = port;
      port = next.port;
      figures = createFigures(next.head);
      old.close();
      abandon();
      away = false;
      state = OK;
      listen();
    },
    close() {
      port.close();
      abandon();
    },
  };
}

/** The answer of the kind that was asked for. @throws PitwallError `internal` where it's another */
export function answered<K extends string>(answer: DiskAnswer, kind: K): Extract<DiskAnswer, Record<K, unknown>> {
  if (kind in answer) return answer as Extract<DiskAnswer, Record<K, unknown>>;
  throw asPitwallError(
    new Error(`The storage thread answered ${Object.keys(answer).join(', ')} where ${kind} was due.`),
  );
}
