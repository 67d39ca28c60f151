import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { API_VERBS, type ApiDocument, type ApiResponse, type ApiVerb } from '../../lib/contracts/openapi.ts';

/** Holds answers to an OpenAPI document. */
export interface DescribedApi {
  readonly document: ApiDocument;
  /** Every verb of every path. */
  readonly operations: readonly { readonly verb: ApiVerb; readonly path: string }[];
  /** What is wrong with an answer to an operation; undefined = nothing. */
  faultOf(verb: ApiVerb, path: string, status: number, type: string, body: unknown): string | undefined;
}

export function describedApi(document: ApiDocument): DescribedApi {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(document, 'document');
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
    compiled.set(text, validate);
    return validate;
  }

  return {
    document,
    operations: Object.entries(document.paths).flatMap(([path, item]) =>
      API_VERBS.filter((verb) => item[verb] !== undefined).map((verb) => ({ verb, path })),
    ),
    faultOf(verb, path, status, type, body) {
      const responses = document.paths[path]?.[verb]?.responses;
      if (responses === undefined) return `${verb} ${path} isn't described`;
      const named = responses[status];
      if (named === undefined) return `${status} isn't described`;
      const response = '$ref' in named ? document.components.responses[named.$ref.split('/').at(-1) ?? ''] : named;
      const content = (response as ApiResponse).content?.[type];
      if (content === undefined) return `${status} isn't described as ${type}`;
      const validate = validatorOf(content.schema);
      return validate(body) ? undefined : ajv.errorsText(validate.errors);
    },
  };
}
