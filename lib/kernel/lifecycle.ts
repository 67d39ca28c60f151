/** What a container owns, closed once and in reverse order of `own`. */
export interface Lifecycle {
  own(name: string, close: () => void | Promise<void>): void;
  /** Closes everything; one failing part doesn't keep the others open. Rejects with what failed. */
  close(): Promise<void>;
}

export function createLifecycle(): Lifecycle {
  const owned: { name: string; close: () => void | Promise<void> }[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    const failures: Error[] = [];
    for (const { name, close } of owned.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(new Error(`closing ${name} failed`, { cause: error }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map((f) => f.message).join('; '));
  }

  return {
    own(name, close) {
      owned.push({ name, close });
    },
    close: () => (closing ??= closeAll()),
  };
}
