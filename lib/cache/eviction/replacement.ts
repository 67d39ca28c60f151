import { Queue } from './queue.ts';
import { Sieve, type SieveNode } from './sieve.ts';

/**
 * Where a node is: nowhere; held, on probation or in the main queue; or a ghost that holds nothing, of a key that had
 * to go from the one or the other.
 */
export type Place = 'out' | 'probation' | 'main' | 'passed' | 'lost';

/** What the choice rests on, hung on what is chosen. */
export interface ReplacementNode<N> extends SieveNode<N> {
  /** Only Replacement writes it; a new node is out. */
  place: Place;
  /** From then on it answers nothing, ms: it goes first. */
  usableUntil: number;
}

export interface ReplacementOptions<N> {
  /** For what is held and its ghosts together. */
  readonly budgetBytes: number;
  /** What a ghost takes, bytes. */
  readonly ghostBytes: (node: N) => number;
  /** A ghost is forgotten: the node is out for good. */
  readonly onForget: (node: N) => void;
}

export interface Replacement<N> {
  /** Bytes of what is held; with the ghosts' never more than the budget after `evictFor` has nothing more to give. */
  readonly heldBytes: number;
  /**
   * Judges a newcomer, out or a ghost, by its size and by what is known of its key, and takes it out. False: it isn't
   * worth what would have to go; it's a ghost then.
   * @param bytes what it will take, at most the budget
   */
  admits(node: N, bytes: number): boolean;
  /** Takes in a node that is out, as the newest of its queue: admitted, or taken out by `remove` to be changed. */
  insert(node: N): void;
  /** Takes out a node that is held; it keeps its queue for `insert`. */
  remove(node: N): void;
  /**
   * The next victim, now a ghost, as long as `bytes` more don't fit. Amortised O(1).
   * @param now ms, of the clock of `usableUntil`
   */
  evictFor(bytes: number, now: number): N | undefined;
}

/** Shares of the budget that probation may have: S3-FIFO's own, and what recency can bring it to. */
const LEAST_PROBATION = 0.1;
const MOST_PROBATION = 0.9;
/** Share of the budget that the ghosts of either queue may take, beside being no more than what is held. */
const GHOST_SHARE = 1 / 16;
/** What one proof moves the share by, in entries of mean size. Growing takes twice the proofs. */
const GROW = 0.1;
const SHRINK = 0.2;
/** So much larger than its share, probation still has the room that the main queue will need: one use is proof. */
const FILLING = 2;
/** No size asks for more uses. */
const MOST_WORTH = 14;

/**
 * S3-FIFO (Yang et al., SOSP '23) with SIEVE (Zhang et al., NSDI '24) for its main queue: newcomers stay in a small
 * queue on probation, and go on to the main one if they are used twice meanwhile, or come back soon after.
 *
 * Added to that:
 * - Sizes. An entry must be used once more for each doubling of the mean size: to be proven, to be spared, and, if it is
 *   larger than all of probation, to get in at all; until then its requests are counted. (Uses per byte, as in
 *   Einziger et al., ACM TOS 2022, would be best for requests and worst for bytes; the logarithm gains in both.)
 * - Probation grows when a key comes back that it has let go, and shrinks when one does that the main queue has: the
 *   side on which room would have brought the hit gets it (as in ARC; Megiddo and Modha, FAST '03).
 * - What can answer nothing any more isn't spared, but its uses are remembered.
 */
export function createReplacement<N extends ReplacementNode<N>>({
  budgetBytes,
  ghostBytes,
  onForget,
}: ReplacementOptions<N>): Replacement<N> {
  const probation = new Queue<N>();
  const main = new Sieve<N>();
  const passed = new Queue<N>();
  const lost = new Queue<N>();
  const ghostBudget = Math.floor(budgetBytes * GHOST_SHARE);
  let share = budgetBytes * LEAST_PROBATION;
  let at = 0;

  const heldBytes = (): number => probation.bytes + main.bytes;
  const fits = (bytes: number): boolean => heldBytes() + passed.bytes + lost.bytes + bytes <= budgetBytes;

  /** Uses that make up for a size: 1 up to the mean, one more for each doubling. */
  function worthOf(bytes: number): number {
    const [scaled, held] = [bytes * (probation.size + main.size), heldBytes()];
    return scaled > held ? Math.min(32 - Math.clz32(scaled / held), MOST_WORTH) : 1;
  }

  const priceOf = (node: N): number => (node.usableUntil <= at ? Infinity : worthOf(node.bytes));

  function adapt(byEntries: number): void {
    const mean = heldBytes() / (probation.size + main.size);
    share = Math.min(Math.max(share + byEntries * mean, budgetBytes * LEAST_PROBATION), budgetBytes * MOST_PROBATION);
  }

  /** Makes a ghost of a node that is out. */
  function remember(node: N, place: 'passed' | 'lost'): void {
    const ghosts = place === 'passed' ? passed : lost;
    node.place = place;
    node.bytes = ghostBytes(node);
    ghosts.insert(node);
    trim(passed);
    trim(lost);
  }

  /** Forgets the ghosts that are too many. */
  function trim(ghosts: Queue<N>): void {
    while (ghosts.size > probation.size + main.size || ghosts.bytes > ghostBudget) {
      const oldest = ghosts.oldest as N;
      ghosts.remove(oldest);
      oldest.place = 'out';
      onForget(oldest);
    }
  }

  /** Whether a node on probation belongs in the main queue. */
  function isProven(node: N): boolean {
    const needed = worthOf(node.bytes) + (probation.bytes > FILLING * share ? 0 : 1);
    return node.usableUntil > at && node.uses >= needed;
  }

  function evictFromProbation(): N | undefined {
    while (probation.oldest !== undefined && (probation.bytes >= share || main.size === 0)) {
      const node = probation.oldest;
      const proven = isProven(node);
      probation.remove(node);
      if (!proven) {
        remember(node, 'passed');
        return node;
      }
      node.uses = 0;
      node.place = 'main';
      main.insert(node);
    }
    return undefined;
  }

  function evictFromMain(): N | undefined {
    const node = main.evict(priceOf);
    // More room wouldn't have kept usable what no longer is.
    if (node !== undefined) remember(node, node.usableUntil <= at ? 'passed' : 'lost');
    return node;
  }

  return {
    get heldBytes() {
      return heldBytes();
    },
    admits(node, bytes) {
      const before = node.place;
      if (before === 'passed') passed.remove(node);
      if (before === 'lost') {
        lost.remove(node);
        node.uses = 0;
      }
      const full = !fits(bytes);
      if (full && before !== 'out') adapt(before === 'passed' ? GROW : -SHRINK);
      const worth = worthOf(bytes);
      const proven = before === 'passed' && (!full || node.uses + 1 >= worth);
      node.place = proven ? 'main' : 'probation';
      if (!full || proven || bytes <= share || worth === 1) return true;
      if (before === 'passed') node.uses++;
      remember(node, 'passed');
      return false;
    },
    insert(node) {
      if (node.place === 'main') main.insert(node);
      else probation.insert(node);
    },
    remove(node) {
      if (node.place === 'main') main.remove(node);
      else probation.remove(node);
      trim(passed);
      trim(lost);
    },
    evictFor(bytes, now) {
      if (fits(bytes)) return undefined;
      at = now;
      return evictFromProbation() ?? evictFromMain();
    },
  };
}
