import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createAccessLineParser } from '../../lib/benchmark/access-log.ts';

/** Requests in their order. */
export interface Trace {
  readonly name: string;
  readonly keys: readonly string[];
  /** Of the key of each request, the largest that the trace says; undefined where it says none. */
  readonly sizes: readonly number[] | undefined;
  /** Capacities to try, in entries. */
  readonly entries: readonly number[];
}

/** A request as a trace has it. */
type Asked = readonly [id: string | number, size: number];

const MOST_BYTES = 268_435_456;

/** Unpacks a file of `folder` with xz. */
function unpack(folder: string, file: string): Buffer {
  return execFileSync('xz', ['-dc', join(folder, file)], { maxBuffer: MOST_BYTES });
}

/** Big-endian 32-bit numbers, one a request (the cache2k project's traces). */
function numbered(bytes: Buffer): Asked[] {
  return Array.from({ length: bytes.length >>> 2 }, (_, i) => [bytes.readUInt32BE(4 * i), 1]);
}

/** Lines of "time id bytes" (AdaptSize). */
function spaced(text: string): Asked[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length === 3)
    .map(([, id, size]) => [id as string, Number(size)]);
}

function logged(text: string): Asked[] {
  const parse = createAccessLineParser();
  return text.split('\n').flatMap((line): Asked[] => {
    const parsed = parse(line);
    return parsed.ok && /^(?:GET|HEAD)$/.test(parsed.line.method) ? [[parsed.line.path, parsed.line.bytes]] : [];
  });
}

const TRACES: readonly {
  readonly name: string;
  readonly file: string;
  readonly sized: boolean;
  readonly entries: readonly number[];
  read(folder: string, file: string): Asked[];
}[] = [
  {
    name: 'web07',
    file: 'web07.trace.xz',
    sized: false,
    entries: [300, 1_200],
    read: (folder, file) => numbered(unpack(folder, file)),
  },
  {
    name: 'adaptsize-cdn',
    file: 'adaptsize-cdn.trace.xz',
    sized: true,
    entries: [2_000, 8_000],
    read: (folder, file) => spaced(unpack(folder, file).toString()),
  },
  {
    name: 'apache-access-2015',
    file: 'apache-access-2015.log.gz',
    sized: true,
    entries: [50, 200],
    read: (folder, file) => logged(gunzipSync(readFileSync(join(folder, file))).toString()),
  },
];

/** Files that `readTraces` needs and `folder` hasn't. */
export function missingTraces(folder: string): string[] {
  return TRACES.map(({ file }) => file).filter((file) => !existsSync(join(folder, file)));
}

export function readTraces(folder: string): Trace[] {
  return TRACES.map(({ name, file, sized, entries, read }) => {
    const asked = read(folder, file);
    const largest = new Map<string | number, number>();
    for (const [id, size] of asked) largest.set(id, Math.max(1, size, largest.get(id) ?? 0));
    // One text for each key, as long as a gateway's.
    const keys = new Map([...largest.keys()].map((id) => [id, `GET http://${name}.test/${id}`]));
    return {
      name,
      entries,
      keys: asked.map(([id]) => keys.get(id) as string),
      sizes: sized ? asked.map(([id]) => largest.get(id) as number) : undefined,
    };
  });
}
