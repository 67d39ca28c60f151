import type { ClearHead, ClearNews, ClearRecord, ClearSource } from '../../clear-record.ts';
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

  /** A slice at a time, each in a turn of its own: what comes in one message is read without a pause. */
  async function readSince(number: number): Promise<ClearNews> {
    const records: ClearRecord[] = [];
    let answer = answered(await link.ask({ ask: 'since', number }, deadlineMs), 'news');
    for (;;) {
      records.push(...answer.news.records);
      if (answer.left === 0) return { ...answer.news, records };
      await new Promise((resolve) => setImmediate(resolve));
      answer = answered(await link.ask({ ask: 'further', of: answer.of }, deadlineMs), 'news');
    }
  }

  return {
    head() {
      // Another thread, another log perhaps: then it's asked.
      const same = figures === link.figures && link.reachable && known?.number === link.figures.get('clearNumber');
      return same && known !== undefined ? known : askHead();
    },
    since: readSince,
    append: async (draft) => answered(await link.ask({ ask: 'append', draft }, deadlineMs), 'record').record,
  };
}
