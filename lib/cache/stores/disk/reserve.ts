import { truncateSync, writeFileSync } from 'node:fs';

/** Room on the disk that is held for the index: when the rest is full, it can still write down what was said. */
export interface Reserve {
  readonly held: boolean;
  /** Takes the room. @throws the file system's error where there is none */
  hold(): void;
  /** Gives it back; whether there was any. */
  release(): boolean;
}

export function createReserve(file: string, bytes: number): Reserve {
  let held = false;

  function empty(): void {
    try {
      truncateSync(file, 0);
    } catch {
      // It isn't there: then it takes no room.
    }
  }

  return {
    get held() {
      return held;
    },
    hold() {
      try {
        // Written, not only allotted: a hole would take its room when it's too late.
        writeFileSync(file, Buffer.alloc(bytes, 1));
        held = true;
      } catch (error) {
        empty();
        throw error;
      }
    },
    release() {
      const had = held;
      held = false;
      empty();
      return had;
    },
  };
}
