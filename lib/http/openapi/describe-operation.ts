import type { z } from 'zod';
import type { ApiOperation, ApiParameter, ApiResponse, Reference } from '../../contracts/openapi.ts';
import { ERROR_STATUS, type ErrorCode } from '../../kernel/errors.ts';
import { PROBLEM_TYPE } from '../../kernel/problem.ts';
import { BODY_LIMIT } from '../json-body.ts';
import type { Need } from '../../auth/access.ts';
import type { About, Operation } from '../operation.ts';
import { componentRef, type SchemaBook } from './schema-book.ts';

const BODY_ERRORS = ['malformed_request', 'unsupported_media_type', 'body_too_large'] as const;

/** Beside permissions. */
const WHO: Readonly<Partial<Record<Need, string>>> = {
  anyone: 'For anybody, without a log-in.',
  known: 'For everybody who is logged in.',
};

/** The OpenAPI form of one verb. @param described with what the reference says of it */
export function describeOperation(
  verb: string,
  { about, query, params, body, bodyLimit, response, type = 'application/json' }: Operation & { readonly about: About },
  need: Need,
  book: SchemaBook,
): ApiOperation {
  const reads = verb === 'get';
  const parameters = [
    ...parametersOf(params, 'path', book),
    ...parametersOf(query, 'query', book),
    ...(reads ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : []),
  ];
  const questioned = [query, params, body].some((schema) => schema !== undefined);
  const errors: readonly ErrorCode[] = [
    ...(questioned ? (['validation_failed'] as const) : []),
    ...(body === undefined ? [] : BODY_ERRORS),
    ...(need === 'anyone' ? [] : (['login_required'] as const)),
    ...(need === 'anyone' || need === 'known' ? [] : (['permission_denied'] as const)),
    ...(about.errors ?? []),
  ];
  const description = [about.description, WHO[need] ?? `Needs the permission ${need}.`].filter(Boolean).join(' ');
  return {
    operationId: about.id,
    tags: [about.tag],
    summary: about.summary,
    description,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: bodyOf(body, about.example, book) }),
    responses: {
      '200': {
        description: 'The answer.',
        headers: {
          'X-Request-Id': { $ref: '#/components/headers/RequestId' },
          ...(reads ? { ETag: { $ref: '#/components/headers/ETag' } } : {}),
        },
        content: { [type]: { schema: book.schemaOf(response, 'output') } },
      },
      ...(reads ? { '304': { $ref: '#/components/responses/NotModified' } } : {}),
      ...problemsOf(errors, bodyLimit),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function parametersOf(
  contract: z.ZodType | undefined,
  where: 'path' | 'query',
  book: SchemaBook,
): (ApiParameter | Reference)[] {
  if (contract === undefined) return [];
  const { properties = {}, required = [] } = book.schemaOf(contract, 'input');
  return Object.entries(properties).map(([name, { description, examples, ...schema }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
    ...(examples === undefined ? {} : { example: examples[0] }),
  }));
}

function bodyOf(contract: z.ZodType, example: unknown, book: SchemaBook): ApiOperation['requestBody'] {
  const schema = book.schemaOf(contract, 'input');
  return {
    required: true,
    content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
  };
}

/** Problem details by status, each with the codes that it may have. */
function problemsOf(codes: readonly ErrorCode[], bodyLimit = BODY_LIMIT): Record<string, ApiResponse> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const status = ERROR_STATUS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, found]) => [
        String(status),
        {
          description: found
            .map((code) => (code === 'body_too_large' ? `${code} (${bodyLimit} bytes)` : code))
            .join(', '),
          ...(status === 503 || status === 429
            ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }
            : {}),
          content: {
            [PROBLEM_TYPE]: {
              schema: { allOf: [{ $ref: componentRef('Problem') }, { properties: { code: { enum: found } } }] },
            },
          },
        },
      ]),
  );
}
