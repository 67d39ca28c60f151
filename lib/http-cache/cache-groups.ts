import { header, type HeaderList } from './header-list.ts';
import { parseList } from './structured-field.ts';

/** The groups that a response is in (RFC 9875 section 2): a List of Strings; one that isn't is ignored as a whole. */
export function cacheGroups(headers: HeaderList): readonly string[] {
  return strings(header(headers, 'cache-groups'));
}

/**
 * The groups whose members an unsafe request has made invalid, on the origin that it was for (RFC 9875 section 3): a
 * List of Strings as above.
 */
export function invalidatedGroups(headers: HeaderList): readonly string[] {
  return strings(header(headers, 'cache-group-invalidation'));
}

function strings(value: string | undefined): readonly string[] {
  const members = value === undefined ? [] : (parseList(value) ?? []);
  const groups = members.map((member) => ('value' in member ? member.value : undefined));
  return groups.every((group) => typeof group === 'string') ? groups : [];
}
