import { PitwallError } from '../kernel/errors.ts';
import type { ClearBook } from './clear-book.ts';
import type { ClearDraft, ClearRecord } from './clear-record.ts';
import { isClear, parseDraft } from './clear-scope.ts';

/**
 * The record that a draft becomes in a book: the next one, or, where it voids what is voided already, that one.
 * @throws PitwallError validation_failed; not_found if the clear to undo isn't kept: never made, or folded
 */
export function nextRecord(book: ClearBook, draft: ClearDraft, id: string, at: number): ClearRecord {
  const parsed = parseDraft(draft);
  if ('voids' in parsed) {
    const target = book.find(parsed.voids);
    if (target === undefined || !isClear(target)) throw notUndoable(parsed.voids);
    const before = book.voidOf(parsed.voids);
    if (before !== undefined) return before;
  }
  return { ...parsed, number: book.head.number + 1, id, at };
}

export function notUndoable(id: string): PitwallError {
  const detail = `There is no clear ${id} that could be undone: it was never made, or it is too old and was folded.`;
  return new PitwallError('not_found', detail);
}
