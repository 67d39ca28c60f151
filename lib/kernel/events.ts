export type Listener<E> = (event: E) => void;

/** A typed event source: engines emit and know nobody, the rest listens. */
export interface Events<E> {
  emit(event: E): void;
  /** Returns the function that stops listening. */
  on(listener: Listener<E>): () => void;
}

export function createEvents<E>(): Events<E> {
  const listeners = new Set<Listener<E>>();
  return {
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
