import {
  API_VERBS,
  type ApiDocument,
  type ApiOperation,
  type ApiParameter,
  type ApiResponse,
  type ApiVerb,
  type JsonSchema,
  type Reference,
} from '@/lib/contracts/openapi';
import { componentOf } from './type-parts';

/** An operation as the reference shows it: references followed, answers and failures apart. */
export interface ShownOperation {
  readonly id: string;
  readonly verb: ApiVerb;
  readonly path: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly parameters: readonly ApiParameter[];
  readonly body: { readonly schema: JsonSchema; readonly example: string | undefined } | undefined;
  readonly answers: readonly { readonly type: string; readonly schema: JsonSchema }[];
  readonly failures: readonly { readonly status: string; readonly codes: readonly string[] }[];
}

export interface OperationGroup {
  readonly tag: string;
  readonly description: string;
  readonly operations: readonly ShownOperation[];
}

/** The operations by tag, in the document's order; a tag without any is left out. */
export function operationGroups(document: ApiDocument): OperationGroup[] {
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    API_VERBS.flatMap((verb) => {
      const operation = item[verb];
      return operation === undefined ? [] : [{ tag: operation.tags[0], shown: show(document, verb, path, operation) }];
    }),
  );
  return document.tags
    .map(({ name, description }) => ({
      tag: name,
      description,
      operations: all.filter(({ tag }) => tag === name).map(({ shown }) => shown),
    }))
    .filter(({ operations }) => operations.length > 0);
}

function show(document: ApiDocument, verb: ApiVerb, path: string, operation: ApiOperation): ShownOperation {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const given = requestBody?.content['application/json'];
  const responseOf = (response: ApiResponse | Reference): ApiResponse | undefined =>
    '$ref' in response ? document.components.responses[componentOf(response.$ref)] : response;
  const answer = responses['200'];
  return {
    id: operationId,
    verb,
    path,
    summary,
    description,
    // What holds for every GET is said once, above.
    parameters: parameters.flatMap((parameter) => ('$ref' in parameter ? [] : [parameter])),
    body: given && {
      schema: given.schema,
      example: given.example === undefined ? undefined : JSON.stringify(given.example),
    },
    answers: Object.entries((answer && responseOf(answer)?.content) ?? {}).map(([type, { schema }]) => ({
      type: type.split(';')[0] ?? type,
      schema,
    })),
    failures: Object.entries(responses).flatMap(([status, response]) => {
      if (!/^[45]/.test(status)) return [];
      const content = responseOf(response)?.content?.['application/problem+json'];
      const codes = content?.schema.allOf?.[1]?.properties?.code?.enum ?? [];
      return [{ status, codes: codes.map(String) }];
    }),
  };
}

/** What an operation is found by. */
export function searchTextOf({ verb, path, summary, description, id, ...rest }: ShownOperation): string {
  const names = rest.parameters.map(({ name }) => name);
  const codes = rest.failures.flatMap(({ status, codes }) => [status, ...codes]);
  return [verb, path, summary, description, id, ...names, ...codes].join(' ').toLowerCase();
}
