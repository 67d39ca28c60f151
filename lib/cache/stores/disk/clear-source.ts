import type { ClearHead, ClearSource } from '../../clear-record.ts';
import { answered, type DiskLink } from './link.ts';

/**
 * The storage thread's clear log over a link. `head` costs no message while the number in shared memory stays.
 * Rejects with `storage_unavailable` when the thread is away or takes longer than `deadlineMs`.
 */
export function createPortClearSource(link: DiskLink, deadlineMs: number): ClearSource {
  let known: ClearHead | undefined;
  let figures = link.figures;

  async function askHead(): Promise<ClearHead> {
    figures = link.figures;
    known = answered(await link.ask({ ask: 'head' }, deadlineMs), 'clearHead').clearHead;
    return known;
  }

  return {
    head() {
      // Another thread, another log perhaps: then it's asked.
      const same = figures === link.figures && link.reachable && known?.number === link.figures.get('clearNumber');
      return same && known !== undefined ? known : askHead();
    },
    since: async (number) => answered(await link.ask({ ask: 'since', number }, deadlineMs), 'news').news,
    append: async (draft) => answered(await link.ask({ ask: 'append', draft }, deadlineMs), 'record').record,
  };
}
