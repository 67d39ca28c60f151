import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import type { JournalHead } from './record.ts';

export interface AnchorOptions {
  readonly head: () => JournalHead;
  readonly everyMs: number;
  readonly after: After;
  readonly logger: Logger;
}

const ANCHOR = /^\s*(?:(?:\{.*"message":"|\d\d:\d\d:\d\d info +)?Journal head: )?([^\s"]+) (\d{1,15}) ([0-9a-f]{64})\b/;

/** Says the head of the chain in the log, where whoever edits the database can't reach it. */
export function createAnchors({ head, everyMs, after, logger }: AnchorOptions): { start(): void; stop(): void } {
  let said = 0;
  let cancel: (() => void) | undefined;

  function say(): void {
    const { chain, number, mac } = head();
    if (number > said) logger.info(`Journal head: ${chain} ${number} ${mac}`);
    said = number;
  }

  function wait(): void {
    cancel = after(everyMs, () => {
      say();
      wait();
    });
  }

  return {
    start: wait,
    stop() {
      cancel?.();
      say();
    },
  };
}

/**
 * Reads `CHAIN NUMBER MAC`, alone or as a line of the log that begins with it; undefined where it's none. What others
 * put into the middle of a line, or a quote into JSON, is none.
 */
export function parseAnchor(text: string): JournalHead | undefined {
  const [, chain = '', number, mac = ''] = ANCHOR.exec(text) ?? [];
  return number === undefined ? undefined : { chain, number: Number(number), mac };
}
