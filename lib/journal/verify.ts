import { checkChain, type ChainFault } from './chain.ts';
import { readPruned } from './detail.ts';
import type { ChainExtent, JournalArchive } from './journal-store.ts';
import type { JournalHead } from './record.ts';
import { isGenuine } from './subject.ts';

/** Records read at once. */
const STEP = 500;

export interface ChainVerdict {
  readonly chain: string;
  /** Of its oldest and newest record that are there; 0 = none is. */
  readonly first: number;
  readonly last: number;
  readonly fault: ChainFault | undefined;
}

export interface VerifyOptions {
  readonly archive: Pick<JournalArchive, 'chains' | 'read' | 'prunable'>;
  readonly key: Buffer;
  /** Heads that were logged or noted elsewhere. */
  readonly anchors?: readonly JournalHead[];
}

/** Reads the whole journal and checks each chain, also those that are named somewhere and aren't there. */
export async function verifyJournal({ archive, key, anchors = [] }: VerifyOptions): Promise<ChainVerdict[]> {
  const before = await look(archive);
  const verdicts = await verifyOnce(archive, key, anchors, before);
  if (verdicts.every(({ fault }) => fault === undefined)) return verdicts;
  // What was pruned meanwhile is told by a new checkpoint.
  const now = await look(archive);
  return now.checkpoints === before.checkpoints ? verdicts : verifyOnce(archive, key, anchors, now);
}

interface Look {
  readonly chains: readonly ChainExtent[];
  readonly pruned: readonly JournalHead[];
  /** How many there were. */
  readonly checkpoints: string;
}

async function look(archive: VerifyOptions['archive']): Promise<Look> {
  const chains = await archive.chains();
  // The macs of checkpoints are checked with their chains: a false one makes the verdict of its own chain.
  const { checkpoints } = await archive.prunable({ before: Number.MIN_SAFE_INTEGER });
  return { chains, pruned: checkpoints.flatMap(readPruned), checkpoints: checkpoints.map(({ mac }) => mac).join() };
}

async function verifyOnce(
  archive: VerifyOptions['archive'],
  key: Buffer,
  given: readonly JournalHead[],
  { chains, pruned }: Look,
): Promise<ChainVerdict[]> {
  const named = chains.flatMap(({ previous }) => previous ?? []);
  const anchors = [...given, ...named];
  const names = new Set([...chains.map(({ head }) => head.chain), ...anchors.map(({ chain }) => chain)]);
  const verdicts: ChainVerdict[] = [];
  for (const chain of names) verdicts.push(await verifyChain(archive, key, chain, { pruned, anchors }));
  return verdicts;
}

async function verifyChain(
  archive: VerifyOptions['archive'],
  key: Buffer,
  chain: string,
  known: Parameters<typeof checkChain>[2],
): Promise<ChainVerdict> {
  const check = checkChain(chain, key, known);
  let first = 0;
  let last = 0;
  for (;;) {
    const { records, subjects } = await archive.read(chain, last, STEP);
    if (first === 0) first = records[0]?.number ?? 0;
    const well = check.take(records);
    last = records.at(-1)?.number ?? last;
    const forged = subjects.find((subject) => !isGenuine(key, subject));
    const user = forged && records.find(({ subject }) => subject === forged.id);
    if (well && forged !== undefined)
      return { chain, first, last, fault: { fault: 'subject', number: user?.number ?? last } };
    if (!well || records.length < STEP) return { chain, first, last, fault: check.end() };
  }
}
