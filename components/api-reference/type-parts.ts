import type { JsonSchema } from '@/lib/contracts/openapi';

/** A piece of a type's text; a reference leads to that component. */
export type TypePart = string | { readonly component: string };

/** The component that a reference names. */
export const componentOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** What a value may be, in words: "list of Job", "number or null", "soft | hard". */
export function typeParts(schema: JsonSchema): readonly TypePart[] {
  const { $ref, type, items, additionalProperties, propertyNames } = schema;
  if ($ref !== undefined) return [{ component: componentOf($ref) }];
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum !== undefined) return [schema.enum.map(String).join(' | ')];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined && !isListOfCodes(schema)) return joined(choices.map(typeParts), ' or ');
  if (type === 'array') return ['list of ', ...(items === undefined ? ['anything'] : typeParts(items))];
  if (typeof additionalProperties === 'object') {
    const names = propertyNames?.enum;
    return [...typeParts(additionalProperties), ` by ${names === undefined ? 'name' : names.map(String).join(', ')}`];
  }
  if (type === undefined) return ['anything'];
  return [typeof type === 'string' ? type : type.join(' or ')];
}

/** Each with a title, as the problem codes: they have a table of their own. */
const isListOfCodes = ({ type, oneOf }: JsonSchema): boolean =>
  type !== undefined && (oneOf?.every(({ title }) => title !== undefined) ?? false);

function joined(all: readonly (readonly TypePart[])[], between: string): TypePart[] {
  const texts = new Set<string>();
  const different = all.filter((parts) => {
    const text = JSON.stringify(parts);
    return !texts.has(text) && texts.add(text);
  });
  return different.flatMap((parts, i) => (i === 0 ? parts : [between, ...parts]));
}

/** The bounds and the default of a value, in words; empty where it has none. */
export function boundsOf(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, maxLength, maxItems } = schema;
  const found: string[] = [];
  if (minimum !== undefined && maximum !== undefined) found.push(`${grouped(minimum)} to ${grouped(maximum)}`);
  else if (minimum !== undefined) found.push(`at least ${grouped(minimum)}`);
  else if (maximum !== undefined) found.push(`at most ${grouped(maximum)}`);
  if (exclusiveMinimum !== undefined) found.push(`more than ${grouped(exclusiveMinimum)}`);
  if (maxLength !== undefined) found.push(`at most ${grouped(maxLength)} characters`);
  if (maxItems !== undefined) found.push(`at most ${grouped(maxItems)}`);
  if (schema.default !== undefined && schema.default !== null) found.push(`default ${String(schema.default)}`);
  return found.join(', ');
}

const grouped = (value: number): string => value.toLocaleString('en-GB');
