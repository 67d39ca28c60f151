/** A gateway worker that tells of something, and how many workers the fleet has. */
export interface Teller {
  readonly instance: string;
  readonly worker: number;
  readonly workers: number;
}

/** Who has told of one and the same thing. */
export interface Tellers {
  add(teller: Teller): void;
  has(teller: Teller): boolean;
  /** The one instance that they are of; null with several. */
  instance(): string | null;
  /** "2 of 2 workers."; null where there is only one. */
  words(): string | null;
}

export function createTellers(): Tellers {
  const names = new Set<string>();
  const instances = new Set<string>();
  let workers = 1;
  // No instance's name has a space.
  const nameOf = ({ instance, worker }: Teller): string => `${instance} ${worker}`;
  return {
    add(teller) {
      names.add(nameOf(teller));
      instances.add(teller.instance);
      workers = Math.max(workers, teller.workers, names.size);
    },
    has: (teller) => names.has(nameOf(teller)),
    instance: () => (instances.size === 1 ? ([...instances][0] as string) : null),
    words: () => (workers === 1 ? null : `${names.size} of ${workers} workers.`),
  };
}
