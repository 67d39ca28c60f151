import type { Result } from '@/lib/contracts/traffic';

interface ResultText {
  /** In the table. */
  readonly words: string;
  /** What it means, in a sentence. */
  readonly because: string;
}

/** How requests are answered. */
export const RESULT: Readonly<Record<Result, ResultText>> = {
  l1: { words: 'L1', because: 'Answered from the hot level: the response was ready to send.' },
  l2: { words: 'L2', because: 'Answered fresh from memory.' },
  l3: { words: 'L3', because: 'Answered fresh from the persistent level.' },
  stale: {
    words: 'Stale',
    because: 'Answered from the store after its lifetime, within the grace that the response or the policy allows.',
  },
  coalesced: { words: 'Coalesced', because: 'Answered by the origin call of an identical request that was under way.' },
  origin: { words: 'Origin', because: 'Answered by the origin.' },
  error: {
    words: 'Error',
    because: 'Pitwall answered with an error: the origin couldn’t, and nothing stored may be used.',
  },
};

/** The word for a result; of one that a newer server sends, itself. */
export const resultWord = (result: string): string => (result in RESULT ? RESULT[result as Result].words : result);
