import { header, type HeaderList } from './header-list.ts';
import { trimOws } from './list.ts';
import { preferences } from './preferences.ts';

/** What a stored response was selected by: lower-case names, and the storing request's `selectingValue` of each. */
export interface Selected {
  readonly vary: readonly string[];
  readonly varyValues: readonly string[];
}

const NO_NAMES: readonly string[] = [];

/** More selecting headers than this select nothing that comes again, and cost each request a search for all of them. */
const MAX_NAMES = 32;

/** The names in Vary, lower case, sorted, each once; '*' if any member is "*", or beyond MAX_NAMES (RFC 9110 section 12.5.5). */
export function varyNames(headers: HeaderList): readonly string[] | '*' {
  const value = header(headers, 'vary');
  if (value === undefined) return NO_NAMES;
  const names = new Set<string>();
  for (const member of value.split(',')) {
    const name = member.trim().toLowerCase();
    if (name === '*') return '*';
    if (name !== '') names.add(name);
  }
  return names.size > MAX_NAMES ? '*' : [...names].sort();
}

/**
 * A request's value of a selecting header, lines combined, and normalised where that can't change the meaning (RFC 9111
 * section 4.1): whitespace at the ends and around commas, of codings and languages case and weights of 1, of codings
 * the order of equals too; '' if absent, a space if empty, which isn't the same.
 * @param name lower case
 */
export function selectingValue(requestHeaders: HeaderList, name: string): string {
  const value = header(requestHeaders, name);
  if (value === undefined) return '';
  if (trimOws(value) === '') return ' ';
  if (name === 'accept-encoding') return preferences(value, false);
  if (name === 'accept-language') return preferences(value, true);
  // Whitespace within a quoted string is content.
  if (value.includes('"')) return trimOws(value);
  const parts: string[] = [];
  for (const member of value.split(',')) parts.push(trimOws(member));
  return parts.join(', ');
}

/** Whether a request selects the stored response (RFC 9111 section 4.1). */
export function matchesVary(entry: Selected, requestHeaders: HeaderList): boolean {
  const { vary, varyValues } = entry;
  for (let i = 0; i < vary.length; i++) {
    if (selectingValue(requestHeaders, vary[i] as string) !== varyValues[i]) return false;
  }
  return true;
}
