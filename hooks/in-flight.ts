/** Calls in flight by key: whoever asks while one runs gets its promise. Nothing is kept once it settles. */
export interface InFlight {
  /** Joins the call under `key`, or starts `run`. A rejection reaches everyone who joined. */
  share<T>(key: string, run: () => Promise<T>): Promise<T>;
  isPending(key: string): boolean;
  /** Called after every start and end. Returns the function that stops listening. */
  subscribe(listener: () => void): () => void;
}

export function createInFlight(): InFlight {
  const calls = new Map<string, Promise<unknown>>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };

  return {
    share<T>(key: string, run: () => Promise<T>): Promise<T> {
      const running = calls.get(key);
      // A key names one contract, so everyone under it awaits the same T.
      if (running !== undefined) return running as Promise<T>;
      const call: Promise<T> = Promise.resolve()
        .then(run)
        .finally(() => {
          if (calls.get(key) === call) calls.delete(key);
          changed();
        });
      calls.set(key, call);
      changed();
      return call;
    },
    isPending: (key) => calls.has(key),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
