/** A table's cells: rows of 32 px, hairlines between them. Numbers are right-aligned and say their unit in the head. */
export const CELL = 'h-8 border-b border-line px-3 py-0 whitespace-nowrap';
export const NUMBER_CELL = `${CELL} text-right`;
export const HEAD_CELL =
  'h-8 border-b border-line-strong bg-bg px-3 py-0 text-xs font-medium whitespace-nowrap text-text-2';
