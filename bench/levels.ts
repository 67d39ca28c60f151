// L3 on disk: the product's segment files beside LMDB and SQLite with the bodies inside. One run each, in turns.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine, settings } from './load/settings.ts';
import { table } from './load/statistics.ts';

const AIM_MS = 2;
const CANDIDATES = ['segments', 'sqlite', 'lmdb'];
const RUN = join(import.meta.dirname, 'levels', 'run.ts');

interface Phase {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly loopP99: number;
  readonly loopMax: number;
}
interface Speed {
  readonly write: Phase;
  readonly read: Phase;
  readonly alone: Phase;
  readonly cold?: Phase;
  readonly resident: { readonly anonymous: number; readonly mapped: number };
}

/** Runs a task of a candidate in a process and a directory of its own; `small`: on a file system of 8 MiB. */
function run<T>(candidate: string, task: string, small = false): T {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-levels-'));
  const command = [process.execPath, RUN, candidate, directory, task];
  const mount = ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=8m none "$0" && exec "$@"', directory, ...command];
  const [program, ...rest] = small ? ['unshare', ...mount] : command;
  try {
    return JSON.parse(execFileSync(program as string, rest, { encoding: 'utf8' })) as T;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const { seconds } = settings({ seconds: 2, rounds: 1 });
/** Bodies and how many of them, for a run of some seconds. */
const SIZES: readonly [label: string, bytes: number, count: number][] = [
  ['1 KiB', 1_024, 10_000 * seconds],
  ['64 KiB', 65_536, 1_000 * seconds],
  ['16 MiB', 16_777_216, 8 * seconds],
];
const n = (value: number | undefined, digits = 0): string =>
  value === undefined
    ? '-'
    : value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

console.log(`${machine()} 8 at once; the loop's delay is that of the thread that asks.`);
let p99 = Infinity;
for (const [label, bytes, count] of SIZES) {
  const rows = [
    [
      '',
      'writes/s',
      'reads/s',
      'loop p99/max writing',
      'reading, ms',
      'one read p50',
      'p99 ms',
      'cold p50',
      'p99 ms',
      'anonymous',
      'mapped MiB',
    ],
  ];
  for (const candidate of CANDIDATES) {
    const { write, read, alone, cold, resident } = run<Speed>(candidate, `speed:${bytes}:${count}`);
    const loop = (phase: Phase): string => `${n(phase.loopP99, 1)}/${n(phase.loopMax, 1)}`;
    rows.push([
      candidate,
      n(write.perSecond),
      n(read.perSecond),
      loop(write),
      loop(read),
      n(alone.p50, 3),
      n(alone.p99, 3),
      n(cold?.p50, 3),
      n(cold?.p99, 3),
      n(resident.anonymous),
      n(resident.mapped),
    ]);
    if (candidate === 'segments' && bytes === 1_024) p99 = alone.p99;
  }
  console.log(`\n${label}, ${count.toLocaleString('en')} bodies`);
  console.log(table(rows));
}

const rows = [['', 'files after twice 64 MiB', 'full disk of 8 MiB']];
for (const candidate of CANDIDATES) {
  const { files } = run<{ files: number }>(candidate, 'fill');
  const full = run<{ written?: number; readable?: number; failed?: string }>(candidate, 'full', true);
  rows.push([
    candidate,
    `${n(files)} MiB`,
    full.failed === undefined ? `${full.readable} of ${full.written} readable` : `failed: ${full.failed}`,
  ]);
}
console.log(`\n${table(rows)}`);
console.log(`Aim: p99 of a read of 1 KiB under ${AIM_MS} ms: ${p99 < AIM_MS ? 'reached' : 'missed'} (${n(p99, 2)}).`);
