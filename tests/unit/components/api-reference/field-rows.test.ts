import { describe, expect, it } from 'vitest';
import { fieldRows } from '@/components/api-reference/field-rows';
import { boundsOf, typeParts } from '@/components/api-reference/type-parts';
import type { JsonSchema } from '@/lib/contracts/openapi';

const text = (schema: JsonSchema): string =>
  typeParts(schema)
    .map((part) => (typeof part === 'string' ? part : `<${part.component}>`))
    .join('');

describe('a type in words', () => {
  it.each<[JsonSchema, string]>([
    [{ type: 'string' }, 'string'],
    [{}, 'anything'],
    [{ type: ['string', 'null'] }, 'string or null'],
    [{ const: 'route', type: 'string' }, '"route"'],
    [{ type: 'string', enum: ['soft', 'hard'] }, 'soft | hard'],
    [{ $ref: '#/components/schemas/Job' }, '<Job>'],
    [{ anyOf: [{ $ref: '#/components/schemas/Job' }, { type: 'null' }] }, '<Job> or null'],
    [{ type: 'array', items: { $ref: '#/components/schemas/Job' } }, 'list of <Job>'],
    [{ type: 'array' }, 'list of anything'],
    [{ oneOf: [{ type: 'object' }, { type: 'object' }] }, 'object'],
    [
      { type: 'object', propertyNames: { enum: ['l1', 'l2'] }, additionalProperties: { type: 'number' } },
      'number by l1, l2',
    ],
    [{ type: 'object', additionalProperties: { type: 'number' } }, 'number by name'],
    [{ type: 'string', oneOf: [{ const: 'not_found', title: 'Not found' }] }, 'string'],
  ])('%j is %s', (schema, expected) => {
    expect(text(schema)).toBe(expected);
  });

  it.each<[JsonSchema, string]>([
    [{ minimum: 1, maximum: 100, default: 20 }, '1 to 100, default 20'],
    [{ minimum: 0 }, 'at least 0'],
    [{ maximum: 604_800_000 }, 'at most 604,800,000'],
    [{ exclusiveMinimum: 0 }, 'more than 0'],
    [{ maxLength: 8_192 }, 'at most 8,192 characters'],
    [{ maxItems: 6, default: null }, 'at most 6'],
    [{}, ''],
  ])('%j is bounded: %s', (schema, expected) => {
    expect(boundsOf(schema)).toBe(expected);
  });
});

describe('the fields of a value', () => {
  const paths = (schema: JsonSchema) =>
    fieldRows(schema).map((row) => (row.kind === 'form' ? `# ${row.label}` : row.path));

  it('go down into what is inline, and stop at components', () => {
    const job: JsonSchema = {
      type: 'object',
      properties: {
        progress: {
          type: 'object',
          properties: { done: { type: 'number', description: 'So far' } },
          required: ['done'],
        },
        outcomes: { type: 'array', items: { type: 'object', properties: { state: { type: 'string' } } } },
        last: { anyOf: [{ type: 'object', properties: { p50: { type: 'number' } } }, { type: 'null' }] },
        parent: { $ref: '#/components/schemas/Job' },
      },
      required: ['progress'],
    };
    expect(paths(job)).toEqual([
      'progress',
      'progress.done',
      'outcomes',
      'outcomes[].state',
      'last',
      'last.p50',
      'parent',
    ]);
    expect(fieldRows(job)[1]).toEqual({
      kind: 'field',
      path: 'progress.done',
      type: ['number'],
      bounds: '',
      required: true,
      description: 'So far',
    });
    expect(fieldRows(job)[6]).toMatchObject({ path: 'parent', required: false });
    expect(paths({ $ref: '#/components/schemas/Job' })).toEqual([]);
    expect(paths({ type: 'array', items: { type: 'object', properties: { a: {} } } })).toEqual(['[].a']);
  });

  it('of one of several forms come form by form', () => {
    const scope: JsonSchema = {
      properties: {
        scope: {
          anyOf: [
            { properties: { tag: { type: 'string' }, service: { type: 'string' } }, required: ['tag'] },
            { properties: { all: { const: true } }, required: ['all'] },
          ],
        },
      },
    };
    expect(paths(scope)).toEqual(['scope', '# with tag', 'scope.tag', 'scope.service', '# with all', 'scope.all']);
    const kinds: JsonSchema = {
      oneOf: [{ properties: { kind: { const: 'a' } } }, { properties: { kind: { const: 'b' }, n: {} } }],
    };
    expect(paths(kinds)).toEqual(['# kind: a', '# kind: b', 'n']);
  });
});
