import type { AccessLine } from '../../../lib/benchmark/access-log.ts';

/** A line of a log: GET, 200, 1,000 bytes unless told. */
export function line(at: number, path = '/', more: Partial<AccessLine> = {}): AccessLine {
  return { at, client: '192.0.2.1', method: 'GET', path, status: 200, bytes: 1_000, ...more };
}

/** One batch per argument. */
export async function* batchesOf(
  ...batches: readonly (readonly AccessLine[])[]
): AsyncGenerator<readonly AccessLine[]> {
  yield* batches;
}

export async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}
