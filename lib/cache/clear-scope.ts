import { PitwallError } from '../kernel/errors.ts';
import type { ClearDraft, ClearMode, ClearRecord, ClearScope } from './clear-record.ts';

/** A line of the log that clears; the others void one. */
export type Clear = Extract<ClearRecord, { readonly scope: ClearScope }>;

/** Longest key, tag, prefix, glob, service or id in a clear, characters: no URL that is served is longer. */
export const MAX_CLEAR_TEXT = 65_536;

export function isClear(record: ClearRecord): record is Clear {
  return 'scope' in record;
}

/** Whether a clear counts among the prefixes and globs; the others count among the names. */
export function isPattern({ scope }: Pick<Clear, 'scope'>): boolean {
  return 'prefix' in scope || 'glob' in scope;
}

/** The one service that a clear concerns; undefined where it may concern any. */
export function serviceOf(scope: ClearScope): string | undefined {
  return 'service' in scope ? scope.service : undefined;
}

/** Characters of what a clear names: its cost grows with them. */
export function lengthOf(scope: ClearScope): number {
  if ('key' in scope) return scope.key.length;
  if ('tag' in scope) return scope.tag.length + (scope.origin?.length ?? 0);
  if ('prefix' in scope) return scope.prefix.length;
  if ('glob' in scope) return scope.glob.length;
  return 0;
}

/** The draft with nothing in it but what a clear has. @throws PitwallError validation_failed */
export function parseDraft(draft: unknown): ClearDraft {
  const { scope, mode, voids } = Object(draft) as { scope?: unknown; mode?: unknown; voids?: unknown };
  if (scope === undefined) return { voids: text(voids, 'the id of the clear to undo') };
  if (mode !== 'soft' && mode !== 'hard') throw refused('its mode must be soft or hard');
  return { scope: parseScope(scope), mode: mode satisfies ClearMode };
}

/** A record as some log wrote it down, as JSON; undefined if it isn't one. */
export function parseRecord(json: string, number: number): ClearRecord | undefined {
  try {
    const row = Object(JSON.parse(json)) as { id?: unknown; at?: unknown };
    if (typeof row.at !== 'number' || !Number.isSafeInteger(number) || number < 1) return undefined;
    return { ...parseDraft(row), number, id: text(row.id, 'its id'), at: row.at };
  } catch {
    return undefined;
  }
}

function parseScope(value: unknown): ClearScope {
  const scope = Object(value) as Record<string, unknown>;
  if (scope.all === true) return { all: true };
  if ('key' in scope) return { key: text(scope.key, 'its key') };
  const service = scope.service === undefined ? undefined : { service: text(scope.service, 'its service') };
  if ('tag' in scope) {
    const origin = scope.origin === undefined ? undefined : { origin: text(scope.origin, 'its origin') };
    return { tag: text(scope.tag, 'its tag'), ...service, ...origin };
  }
  if ('prefix' in scope) return { prefix: text(scope.prefix, 'its prefix'), ...service };
  if ('glob' in scope) return { glob: text(scope.glob, 'its glob'), ...service };
  if (service !== undefined) return service;
  throw refused('it must name a key, a tag, a prefix, a glob, a service, or all');
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= MAX_CLEAR_TEXT) return value;
  throw refused(`${what} must be a text of 1 to ${MAX_CLEAR_TEXT} characters`);
}

function refused(why: string): PitwallError {
  return new PitwallError('validation_failed', `This clear can't be written down: ${why}.`);
}
