import type { ChainFault } from '../lib/journal/chain.ts';
import type { ChainVerdict } from '../lib/journal/verify.ts';

function words({ fault, number }: ChainFault): string {
  switch (fault) {
    case 'changed':
      return `record ${number} isn't as it was written, or the key is another`;
    case 'missing':
      return `records before ${number} are missing`;
    case 'out of order':
    case 'foreign':
      return `record ${number} doesn't belong in its place`;
    case 'cut':
      return `records from ${number} on are missing`;
    case 'anchor':
      return `record ${number} isn't the one that was seen there before`;
    case 'subject':
      return `who is behind record ${number} isn't as it was written`;
  }
}

/** One line of a chain. */
export function describeVerdict({ chain, first, last, fault }: ChainVerdict): string {
  const range = last === 0 ? 'no records' : `records ${first} to ${last}`;
  return fault === undefined ? `ok      ${chain}  ${range}` : `BROKEN  ${chain}  ${range}: ${words(fault)}`;
}

/** The last line. */
export function summarise(verdicts: readonly ChainVerdict[], spooled: number): { text: string; ok: boolean } {
  const broken = verdicts.filter(({ fault }) => fault !== undefined).length;
  const records = verdicts.reduce((sum, { first, last }) => sum + (last === 0 ? 0 : last - first + 1), 0);
  const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  const waiting = spooled === 0 ? '' : ` ${many(spooled, 'record')} in journal.spool wait for the database.`;
  const size = `${many(verdicts.length, 'chain')}, ${many(records, 'record')}`;
  const text = broken === 0 ? `The journal is whole: ${size}.` : `The journal is BROKEN: ${broken} of ${size}.`;
  return { text: text + waiting, ok: broken === 0 };
}
