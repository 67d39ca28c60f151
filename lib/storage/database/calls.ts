import type { MessagePort, Worker } from 'node:worker_threads';
import { PitwallError, asPitwallError, type ErrorCode } from '../../kernel/errors.ts';
import type { After } from '../../kernel/timer.ts';

/** What can be asked of the other side: plain data in, plain data out. */
export type Api = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

export interface CallMessage {
  readonly call: number;
  readonly method: string;
  readonly args: readonly unknown[];
}
export type ReplyMessage =
  | { readonly reply: number; readonly value: unknown }
  | { readonly reply: number; readonly failed: { readonly code: ErrorCode; readonly message: string } };

type Sender = Pick<MessagePort | Worker, 'postMessage'>;

/** The asking side of a port. */
export interface Calls<A extends Api> {
  /** Rejects with what the other side threw, or with `storage_unavailable`: late, too many under way, or closed. */
  call<M extends keyof A & string>(method: M, ...args: Parameters<A[M]>): ReturnType<A[M]>;
  /** Takes a reply; one that came too late is dropped. */
  reply(message: ReplyMessage): void;
  /** Rejects what is under way, and whatever is asked from now on. */
  close(why: string): void;
}

export interface CallsOptions {
  readonly to: Sender;
  /** By method, ms. */
  readonly deadlineMs: (method: string) => number;
  /** Most calls under way. */
  readonly maxPending: number;
  readonly after: After;
}

export function createCalls<A extends Api>({ to, deadlineMs, maxPending, after }: CallsOptions): Calls<A> {
  const pending = new Map<number, { resolve: (value: unknown) => void; fail: (error: PitwallError) => void }>();
  let last = 0;
  let closed: string | undefined;
  const unavailable = (why: string): PitwallError => new PitwallError('storage_unavailable', why, { retryAfter: 1 });

  function ask(method: string, args: readonly unknown[]): Promise<unknown> {
    if (closed !== undefined) return Promise.reject(unavailable(closed));
    if (pending.size >= maxPending)
      return Promise.reject(unavailable(`${maxPending} calls wait for the database already.`));
    const call = ++last;
    return new Promise<unknown>((resolve, reject) => {
      const deadline = deadlineMs(method);
      const late = (): void => fail(unavailable(`The database didn't answer within ${deadline} ms.`));
      const cancel = after(deadline, late);
      function fail(error: PitwallError): void {
        pending.delete(call);
        cancel();
        reject(error);
      }
      pending.set(call, {
        resolve(value) {
          pending.delete(call);
          cancel();
          resolve(value);
        },
        fail,
      });
      to.postMessage({ call, method, args } satisfies CallMessage);
    });
  }

  return {
    call: (method, ...args) => ask(method, args) as ReturnType<A[typeof method]>,
    reply(message) {
      const waiting = pending.get(message.reply);
      if ('value' in message) waiting?.resolve(message.value);
      else waiting?.fail(new PitwallError(message.failed.code, message.failed.message));
    },
    close(why) {
      closed = why;
      for (const { fail } of pending.values()) fail(unavailable(why));
    },
  };
}

/** The answering side: runs one call and posts its reply. Never rejects. */
export async function answerCall(api: Api, { call, method, args }: CallMessage, to: Sender): Promise<void> {
  try {
    const run = api[method];
    if (run === undefined) throw new PitwallError('internal', `The database knows no ${method}.`);
    const value = await (run as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    to.postMessage({ reply: call, value } satisfies ReplyMessage);
  } catch (error) {
    const { code, message } = asPitwallError(error);
    to.postMessage({ reply: call, failed: { code, message } } satisfies ReplyMessage);
  }
}
