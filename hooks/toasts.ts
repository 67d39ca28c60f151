/** Most that are shown at a time. */
export const MAX_TOASTS = 3;

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** A word about something that was done, or wasn't. */
export interface Toast {
  readonly id: number;
  /** A bad one stays until it's dismissed. */
  readonly tone: 'good' | 'watch' | 'bad';
  readonly title: string;
  readonly detail?: string;
  readonly action?: ToastAction;
}
export type ToastText = Omit<Toast, 'id'>;

/** The list with one more, newest last: in place of its like, else of the oldest that isn't bad, else of the oldest. */
export function withToast(list: readonly Toast[], toast: Toast): readonly Toast[] {
  const others = list.filter(({ title, detail }) => title !== toast.title || detail !== toast.detail);
  if (others.length < MAX_TOASTS) return [...others, toast];
  const leaves = others.find(({ tone }) => tone !== 'bad') ?? others[0];
  return [...others.filter((each) => each !== leaves), toast];
}

/** The toasts of this page. */
export interface Toasts {
  show(text: ToastText): void;
  dismiss(id: number): void;
  list(): readonly Toast[];
  subscribe(listener: () => void): () => void;
}

export function createToasts(): Toasts {
  let toasts: readonly Toast[] = [];
  let last = 0;
  const listeners = new Set<() => void>();
  const become = (next: readonly Toast[]) => {
    toasts = next;
    for (const listener of listeners) listener();
  };
  return {
    show(text) {
      last += 1;
      become(withToast(toasts, { ...text, id: last }));
    },
    dismiss: (id) => become(toasts.filter((toast) => toast.id !== id)),
    list: () => toasts,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
