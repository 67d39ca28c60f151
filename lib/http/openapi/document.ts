import { SESSION_COOKIE } from '../../kernel/session-cookie.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { needOf } from '../../auth/access.ts';
import {
  API_VERBS,
  type ApiDocument,
  type ApiOperation,
  type ApiVerb,
  type JsonSchema,
} from '../../contracts/openapi.ts';
import { problemSchema } from '../../contracts/problem.ts';
import { ERROR_STATUS, type ErrorCode } from '../../kernel/errors.ts';
import { PROBLEM_TYPE, toProblem } from '../../kernel/problem.ts';
import { API_TAGS, type Operation } from '../operation.ts';
import { describeOperation } from './describe-operation.ts';
import { MACHINE_PATHS } from './machine-paths.ts';
import { componentRef, createSchemaBook } from './schema-book.ts';

/** What app/api/…/route.ts exports, as far as it is described. */
export type ResourceModule = Readonly<Partial<Record<Uppercase<ApiVerb>, { readonly operation?: Operation }>>>;

const DESCRIPTION = `The API of Pitwall's console, for scripts and other programs. Times are ms since the epoch, durations ms, sizes bytes, ratios 0 to 1; names say otherwise where it isn't so. null = nothing was measured. Answers may gain fields; none is renamed or removed within a major version.

**Who may ask.** Somebody at the machine; everybody else with a session's cookie or an API token. Each operation says which permission it needs; without, it's 401 login_required or 403 permission_denied.

**Methods.** HEAD answers wherever GET does, OPTIONS says with Allow what a resource has; any other method gets 405 method_not_allowed with Allow.

**Asking again.** Every GET answers with an ETag; sent back in If-None-Match it gets 304 without a body while nothing has changed.

**Failing.** Every failure is a problem document (RFC 9457) with a stable code, and the id of the request in instance and X-Request-Id. Beside what each operation names, any request can get misdirected_request (a Host that isn't the console's), cross_site_request (a change that another site's page asks for), gateway_unavailable (while it starts) and internal.

**Bodies** are JSON in UTF-8 of at most 64 KiB where an operation doesn’t say otherwise.

**Live.** The Socket.IO namespace /live pushes the same shapes every second; it's described in docs/api.md.`;

/**
 * The OpenAPI 3.1 document of the API, made path by path: all at once would hold up the thread for 20 ms.
 *
 * @param resources every resource by its path, as OpenAPI writes it: /api/jobs/{id}
 */
export async function describeApi(
  version: string,
  resources: Readonly<Record<string, ResourceModule>>,
): Promise<ApiDocument> {
  const book = createSchemaBook();
  book.schemaOf(problemSchema, 'output');
  const paths: Record<string, ReturnType<typeof verbsOf>> = {};
  for (const [path, module] of Object.entries(resources).sort(([a], [b]) => a.localeCompare(b))) {
    paths[path] = verbsOf(path, module);
    await nextTurn();
  }

  function verbsOf(path: string, module: ResourceModule): Partial<Record<ApiVerb, ApiOperation>> {
    const described = API_VERBS.flatMap((verb) => {
      const operation = module[verb.toUpperCase() as Uppercase<ApiVerb>]?.operation;
      if (operation === undefined) return [];
      const { about } = operation;
      if (about === undefined)
        throw new Error(`${verb.toUpperCase()} ${path} says nothing of itself: give it "about".`);
      const need = needOf(verb.toUpperCase(), path);
      return [[verb, describeOperation(verb, { ...operation, about }, need, book)] as const];
    });
    return Object.fromEntries(described);
  }

  const components = Object.entries(book.components).sort(([a], [b]) => a.localeCompare(b));
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Pitwall',
      version,
      summary: 'What the gateway does, and the controls to act.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The console that serves this document' }],
    security: [{ token: [] }, { session: [] }, {}],
    tags: Object.entries(API_TAGS).map(([name, description]) => ({ name, description })),
    paths: { ...paths, ...MACHINE_PATHS },
    components: {
      schemas: Object.fromEntries(
        components.map(([name, schema]) => [name, name === 'Problem' ? withCodes(schema) : schema]),
      ),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token, made on /settings.' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'Of a log-in.' },
      },
      parameters: {
        IfNoneMatch: {
          name: 'If-None-Match',
          in: 'header',
          required: false,
          description: 'The ETag of an answer that one has: 304 while it still holds.',
          schema: { type: 'string' },
        },
      },
      headers: {
        ETag: { description: 'Weak; changes with the answer.', schema: { type: 'string' } },
        RequestId: { description: 'The id of this request in the log.', schema: { type: 'string' } },
        RetryAfter: {
          description: 'Seconds after which a retry makes sense; may be missing.',
          schema: { type: 'integer' },
        },
      },
      responses: {
        NotModified: {
          description: 'What If-None-Match names still holds; no body.',
          headers: { ETag: { $ref: '#/components/headers/ETag' } },
        },
        Problem: {
          description: 'Any failure.',
          content: { [PROBLEM_TYPE]: { schema: { $ref: componentRef('Problem') } } },
        },
      },
    },
  };
}

/** Every code with its status and title: the contract itself knows only that it's a text. */
function withCodes(schema: JsonSchema): JsonSchema {
  const codes = (Object.keys(ERROR_STATUS) as ErrorCode[]).map((code) => {
    const { title, status } = toProblem(code, '');
    return { const: code, title, description: `Status ${status}` };
  });
  return {
    ...schema,
    properties: { ...schema.properties, code: { ...schema.properties?.code, oneOf: codes } },
  };
}
