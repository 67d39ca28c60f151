import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSchemaBook } from '../../../../lib/http/openapi/schema-book.ts';

describe('a book of schemas', () => {
  const part = z.object({ n: z.number().min(0) }).meta({ id: 'Part' });

  it('holds a contract with an id once, wherever it is used', () => {
    const book = createSchemaBook();
    expect(book.schemaOf(part, 'output')).toEqual({ $ref: '#/components/schemas/Part' });
    expect(book.schemaOf(z.object({ parts: z.array(part), one: part.nullable() }), 'output')).toMatchObject({
      properties: {
        parts: { items: { $ref: '#/components/schemas/Part' } },
        one: { anyOf: [{ $ref: '#/components/schemas/Part' }, { type: 'null' }] },
      },
    });
    expect(book.components).toEqual({
      Part: { type: 'object', properties: { n: { type: 'number', minimum: 0 } }, required: ['n'] },
    });
  });

  it('lets answers gain fields, and holds questions to theirs', () => {
    const book = createSchemaBook();
    const contract = z.strictObject({ n: z.coerce.number().default(1) });
    expect(book.schemaOf(contract, 'output')).toEqual({
      type: 'object',
      properties: { n: { type: 'number', default: 1 } },
      required: ['n'],
    });
    expect(book.schemaOf(contract, 'input')).toEqual({
      type: 'object',
      properties: { n: { type: 'number', default: 1 } },
      additionalProperties: false,
    });
  });

  it('refuses two contracts of one name, and one whose two sides differ', () => {
    const book = createSchemaBook();
    book.schemaOf(part, 'input');
    book.schemaOf(part, 'output');
    expect(() => book.schemaOf(z.object({ other: z.string() }).meta({ id: 'Part' }), 'output')).toThrow(/named Part/);
    const sided = z.object({ n: z.number().default(1) }).meta({ id: 'Sided' });
    book.schemaOf(sided, 'input');
    expect(() => book.schemaOf(sided, 'output')).toThrow(/both sides of one, are named Sided/);
  });
});
