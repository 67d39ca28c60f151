/**
 * A table of things to act on: rows of 44 px at a desk. On a phone each row becomes a few lines, without heads: what a
 * cell says has to be clear by itself.
 */
export const TABLE = 'w-full border-separate border-spacing-0 max-md:block';
export const THEAD = 'max-md:sr-only';
export const TBODY = 'max-md:block';
export const ROW =
  'hover:bg-hover max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-3 max-md:gap-y-1 max-md:border-b max-md:py-2';
export const CELL =
  'h-11 border-line px-3 py-1.5 text-left font-normal first:pl-0 last:pr-0 md:border-b max-md:h-auto max-md:p-0';
export const HEAD =
  'h-8 border-b border-line-strong px-3 text-left text-xs font-medium whitespace-nowrap text-text-2 first:pl-0 last:pr-0';
/** A cell that fills a line of a phone. */
export const LINE = 'max-md:w-full';
