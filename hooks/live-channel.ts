import { createContext } from 'react';
import type { Socket } from 'socket.io-client';
import { tailBatchSchema, type TailBatch, type TailFilter } from '../lib/contracts/tail';

/** Live requests that somebody wants. */
export interface TailWish {
  readonly filter: TailFilter;
  readonly onBatch: (batch: TailBatch) => void;
  /** Null once the server has taken the wish, else why it hasn't; told again after every reconnection. */
  readonly onAnswer: (problem: string | null) => void;
}

/** The page's one socket, for what isn't the overview: whoever wants live requests says so here. */
export interface LiveChannel {
  /** The socket that is used from now on. Returns what takes it away. */
  attach(socket: Socket): () => void;
  /** Replaces the wish before. Returns what ends it. */
  tail(wish: TailWish): () => void;
}

export function createLiveChannel(): LiveChannel {
  let socket: Socket | null = null;
  let wish: TailWish | null = null;

  function ask(): void {
    if (wish === null || !socket?.connected) return;
    const asked = wish;
    socket.emit('tail', asked.filter, (answer: { readonly ok?: boolean; readonly detail?: string }) => {
      if (asked === wish) asked.onAnswer(answer.ok === true ? null : (answer.detail ?? 'The server refused.'));
    });
  }

  return {
    attach(opened) {
      socket = opened;
      opened.on('connect', ask);
      opened.on('requests', (message: unknown) => {
        const parsed = tailBatchSchema.safeParse(message);
        if (parsed.success) wish?.onBatch(parsed.data);
      });
      ask();
      return () => {
        if (socket === opened) socket = null;
      };
    },
    tail(next) {
      wish = next;
      ask();
      return () => {
        if (wish !== next) return;
        wish = null;
        // A wish that replaces this one follows at once: the stream isn't ended for it.
        queueMicrotask(() => {
          if (wish === null) socket?.emit('untail');
        });
      };
    },
  };
}

/** One per page. */
export const LiveChannelContext = createContext<LiveChannel | null>(null);
