import type { AccessLine } from './access-log.ts';

/** Most lines of one second that are held back to be spread; a busier second is spread in parts. */
const MAX_HELD = 50_000;
const SECOND_MS = 1_000;

/**
 * Gives lines of the same logged second even distances within it, since logs don't tell when in the second they were.
 * Holds one second of lines at most.
 */
export async function* spreadWithinSeconds(
  batches: AsyncIterable<readonly AccessLine[]>,
): AsyncGenerator<readonly AccessLine[]> {
  let held: AccessLine[] = [];
  for await (const batch of batches) {
    const ready: AccessLine[] = [];
    for (const line of batch) {
      const first = held[0];
      if (first !== undefined && (first.at !== line.at || held.length >= MAX_HELD)) {
        spread(held, ready);
        held = [];
      }
      held.push(line);
    }
    if (ready.length > 0) yield ready;
  }
  if (held.length > 0) {
    const last: AccessLine[] = [];
    spread(held, last);
    yield last;
  }
}

function spread(held: readonly AccessLine[], into: AccessLine[]): void {
  const step = SECOND_MS / held.length;
  for (let i = 0; i < held.length; i++) {
    const line = held[i] as AccessLine;
    into.push(i === 0 ? line : { ...line, at: line.at + i * step });
  }
}
