import { trimOws } from './list.ts';

/** Longest value that is looked into; the work is then bounded. */
const MAX_LENGTH = 1_024;
/** One member: a coding or language range, and its weight (RFC 9110 section 12.4.2). */
const MEMBER = /^([a-z0-9*][a-z0-9*._-]*)(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?$/;

/**
 * A list of preferences, Accept-Encoding or Accept-Language, in one form for all that mean the same: lower case, the
 * best first, weights as short as can be and none for 1. What isn't such a list stays as it is: what an origin makes of
 * a weight above 1, a name that is there twice, or nothing at all between commas, nobody knows.
 *
 * @param ordered equals stay in their order: many origins take the first of several languages (RFC 9110 section 12.5.4
 *   says so), and none the first of several codings
 */
export function preferences(value: string, ordered: boolean): string {
  if (value.length > MAX_LENGTH) return value;
  const names = new Set<string>();
  const members: { readonly name: string; readonly weight: number }[] = [];
  for (const part of value.toLowerCase().split(',')) {
    const text = trimOws(part);
    if (text === '') continue;
    const found = MEMBER.exec(text);
    if (found === null) return value;
    const name = found[1] as string;
    names.add(name);
    members.push({ name, weight: Number(found[2] ?? 1) });
  }
  if (members.length === 0 || names.size < members.length) return value;
  members.sort((a, b) => b.weight - a.weight || (ordered ? 0 : byName(a.name, b.name)));
  return members.map(({ name, weight }) => (weight === 1 ? name : `${name};q=${weight}`)).join(', ');
}

const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
