import { openApiSchema, type ApiDocument } from '@/lib/contracts/openapi';
import { describeApi } from '@/lib/http/openapi/document';
import type { Operation } from '@/lib/http/operation';
import manifest from '@/package.json';
import { RESOURCES } from './resources';

/** The one resource that can't import itself. */
export const reading = {
  about: {
    id: 'getOpenApi',
    tag: 'Reference',
    summary: 'This description, as OpenAPI 3.1',
    description: 'Made from the contracts that answers are held to. Readable at /docs/api.',
  },
  response: openApiSchema,
} as const satisfies Operation;

/** The API as it is described to programs, and to people on /docs/api. */
export function apiDocument(): Promise<ApiDocument> {
  return describeApi(manifest.version, { ...RESOURCES, '/api/openapi.json': { GET: { operation: reading } } });
}
