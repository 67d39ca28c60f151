import type { AccessLine } from './access-log.ts';

/** A line as it's asked again, and as an origin that follows the log would answer. */
export interface ScriptedRequest {
  /** Wall ms of the log. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Asked for this many bytes from the start (the log's 206); undefined = the whole. */
  readonly firstBytes: number | undefined;
  /** The origin's answer to a whole, unconditional request. */
  readonly status: number;
  readonly size: number;
}

/** The request header that tells the replay's origin what the log says: "status=200; size=1234". */
export const SCRIPT_HEADER = 'pitwall-replay';

/** Paths whose size is remembered; past that, those met first are forgotten. */
const MAX_SIZES = 100_000;

/**
 * Turns lines into requests, one after another. What a log doesn't say is filled in:
 * 304 was a client's own copy, so the origin answers the 200 it stands for; 206 is asked for as a range from the start;
 * both, and HEAD, take the path's last known size, or else the mean size so far.
 */
export function createScript(): (line: AccessLine) => ScriptedRequest {
  const sizes = new Map<string, number>();
  let known = 0;
  let sum = 0;

  function learn(path: string, size: number): void {
    known += 1;
    sum += size;
    if (sizes.get(path) === size) return;
    sizes.set(path, size);
    if (sizes.size > MAX_SIZES) sizes.delete(sizes.keys().next().value as string);
  }
  const lastSize = (path: string): number => sizes.get(path) ?? (known === 0 ? 0 : Math.round(sum / known));

  return ({ at, method, path, status, bytes }) => {
    const partial = status === 206 && bytes > 0;
    const stands = status === 304 || status === 206 ? 200 : status;
    let size = bytes;
    if (status === 304 || method === 'HEAD') size = lastSize(path);
    else if (status === 206) size = Math.max(bytes, sizes.get(path) ?? 0);
    else if (status === 200 && method === 'GET') learn(path, bytes);
    return { at, method, path, firstBytes: partial ? bytes : undefined, status: stands, size };
  };
}
