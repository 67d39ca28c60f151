import { z } from 'zod';
import { configSchema } from '../contracts/policy.ts';

/** The parts of JSON Schema that the configuration uses. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

/** JSON Schema (2020-12) of the YAML file, for editors: pitwall.schema.json is this, printed. */
export function configJsonSchema(): SchemaNode {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' });
  return {
    $schema,
    title: 'Pitwall configuration',
    description: 'Services, routes and policies of the Pitwall gateway.',
    ...schema,
  } as SchemaNode;
}

/** The text of pitwall.schema.json. */
export function printJsonSchema(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}

let shape: SchemaNode | undefined;

/** The names of the settings that may stand at `path`. */
export function settingsAt(path: readonly PropertyKey[]): readonly string[] {
  shape ??= configJsonSchema();
  let at: SchemaNode | undefined = shape;
  for (const key of path) at = typeof key === 'number' ? at?.items : at?.properties?.[String(key)];
  return Object.keys(at?.properties ?? {});
}
