import { z } from 'zod';
import type { JsonSchema } from '../../contracts/openapi.ts';

/** JSON Schemas of contracts. A contract with an id (`.meta({ id: 'Job' })`) stands once, as a component. */
export interface SchemaBook {
  /** The components so far, by name. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  /**
   * @param io `input`: what a client may send; `output`: what it gets. Answers may gain fields, so nothing forbids others.
   */
  schemaOf(contract: z.ZodType, io: 'input' | 'output'): JsonSchema;
}

/** Where a component is. */
export const componentRef = (name: string): string => `#/components/schemas/${name}`;

export function createSchemaBook(): SchemaBook {
  const components: Record<string, JsonSchema> = {};

  function keep(name: string, schema: JsonSchema): void {
    const known = components[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two contracts, or both sides of one, are named ${name}: give one of them another id.`);
    }
    components[name] = schema;
  }

  return {
    components,
    schemaOf(contract, io) {
      // Within another, so that a contract with an id becomes a reference too.
      const { $defs = {}, properties } = z.toJSONSchema(z.object({ contract }), {
        io,
        override: ({ jsonSchema }) => {
          if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
          // What zod adds to every whole number is no bound that anybody meets.
          if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
          if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        },
      });
      for (const [name, schema] of Object.entries($defs)) keep(name, withComponents(schema));
      return withComponents(properties?.contract);
    },
  };
}

/** The same with references to components, and without the ids that say which. */
function withComponents(schema: unknown): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string') return value.replace('#/$defs/', componentRef(''));
    return value;
  });
  const { id: _id, ...rest } = JSON.parse(text) as JsonSchema & { id?: string };
  return rest;
}
