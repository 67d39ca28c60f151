import type { ApiDocument, ApiOperation, ApiResponse, JsonSchema } from '../../contracts/openapi.ts';
import type { ApiTag } from '../operation.ts';

const TAG: ApiTag = 'Machines';
const PROBLEM = { $ref: '#/components/responses/Problem' };

const answer = (description: string, types: readonly string[], schema: JsonSchema): ApiResponse => ({
  description,
  content: Object.fromEntries(types.map((type) => [type, { schema }])),
});

const status = (word: string): JsonSchema => ({
  type: 'object',
  properties: { status: { const: word } },
  required: ['status'],
});

const operation = (
  operationId: string,
  summary: string,
  description: string,
  responses: ApiOperation['responses'],
): { get: ApiOperation } => ({
  get: { operationId, tags: [TAG], summary, description, responses: { ...responses, default: PROBLEM } },
});

/** What lib/http/probes answers before Next, so without a contract of its own. */
export const MACHINE_PATHS: ApiDocument['paths'] = {
  '/healthz': operation('getLiveness', 'Whether the process lives', 'Answers as long as the event loop turns.', {
    '200': answer('It lives.', ['application/json'], status('ok')),
  }),
  '/readyz': operation(
    'getReadiness',
    'Whether traffic may come',
    'Fails while the process starts or drains, and while a gateway worker doesn’t answer; the detail names what is missing.',
    { '200': answer('It is ready.', ['application/json'], status('ready')), '503': PROBLEM },
  ),
  '/metrics': operation(
    'getMetrics',
    'Metrics for Prometheus',
    'Prometheus text, or OpenMetrics where Accept asks for it. Gateway workers are read when this is scraped.',
    {
      '200': answer(
        'All metrics of this process.',
        ['text/plain; version=0.0.4; charset=utf-8', 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
        { type: 'string' },
      ),
    },
  ),
};
