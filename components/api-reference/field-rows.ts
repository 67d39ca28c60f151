import type { JsonSchema } from '@/lib/contracts/openapi';
import { boundsOf, typeParts, type TypePart } from './type-parts';

/** A line of a table of fields: a field, or the head of what one of several forms has. */
export type FieldRow =
  | {
      readonly kind: 'field';
      /** Where it is: "progress.done", "outcomes[].state". */
      readonly path: string;
      readonly type: readonly TypePart[];
      readonly bounds: string;
      readonly required: boolean;
      readonly description: string;
    }
  | { readonly kind: 'form'; readonly label: string };

/** Every field of a value, down to components, which are described on their own. */
export function fieldRows(schema: JsonSchema, prefix = ''): FieldRow[] {
  const { properties, required = [], items } = schema;
  const forms = formsOf(schema);
  if (forms.length > 1) {
    return forms.flatMap((form) => {
      const constant = constantOf(form);
      const { [constant ?? '']: _said, ...properties } = form.properties ?? {};
      return [{ kind: 'form', label: labelOf(form, constant) }, ...fieldRows({ ...form, properties }, prefix)];
    });
  }
  const [only] = forms;
  if (only !== undefined) return fieldRows(only, prefix);
  if (items !== undefined) return fieldRows(items, `${prefix}[]`);
  if (properties === undefined) return [];
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const row: FieldRow = {
      kind: 'field',
      path,
      type: typeParts(field),
      bounds: boundsOf(field),
      required: required.includes(name),
      description: field.description ?? '',
    };
    return [row, ...fieldRows(field, path)];
  });
}

/** The forms that have fields, of a value that has one of several; null and plain values have none. */
function formsOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  return (anyOf ?? oneOf ?? []).filter(({ properties, items }) => properties !== undefined || items !== undefined);
}

/** The field whose value tells a form from the others. */
function constantOf({ properties = {} }: JsonSchema): string | undefined {
  return Object.keys(properties).find((name) => typeof properties[name]?.const === 'string');
}

/** What tells a form from the others: `kind: route`, or the fields that it must have. */
function labelOf({ properties = {}, required = [] }: JsonSchema, constant: string | undefined): string {
  return constant === undefined ? `with ${required.join(', ')}` : `${constant}: ${String(properties[constant]?.const)}`;
}
