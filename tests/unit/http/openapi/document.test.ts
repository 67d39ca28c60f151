import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeApi } from '../../../../lib/http/openapi/document.ts';
import { resource } from '../../../../lib/http/resource.ts';
import { route } from '../../../../lib/http/route.ts';

const about = {
  id: 'setThing',
  tag: 'Jobs',
  summary: 'Set a thing',
  errors: ['conflict', 'too_many_requests'],
} as const;
const params = z.object({ id: z.string().max(9).describe('Of the thing') });
const options = { about, params, response: z.object({ ok: z.boolean() }), handler: () => ({ ok: true }) };

describe('describing the API', () => {
  it('takes from a resource what its verbs say of themselves', async () => {
    const things = resource({ PUT: route({ ...options, body: z.object({ n: z.number() }) }) });
    const { paths } = await describeApi('1.2.3', { '/api/things/{id}': things });
    expect(Object.keys(paths)).toEqual(['/api/things/{id}', '/healthz', '/readyz', '/metrics']);
    expect(Object.keys(paths['/api/things/{id}'] ?? {})).toEqual(['put']);
    const { operationId, tags, parameters, requestBody, responses } = paths['/api/things/{id}']?.put ?? {};
    expect({ operationId, tags, parameters }).toEqual({
      operationId: 'setThing',
      tags: ['Jobs'],
      parameters: [
        {
          name: 'id',
          in: 'path',
          required: true,
          description: 'Of the thing',
          schema: { type: 'string', maxLength: 9 },
        },
      ],
    });
    expect(requestBody?.content['application/json']?.schema).toMatchObject({ required: ['n'] });
    // What it names itself, what any body can get, by status; no ETag, which only GET has.
    expect(Object.keys(responses ?? {})).toEqual(['200', '400', '401', '403', '409', '413', '415', '429', 'default']);
    expect(responses?.['400']).toMatchObject({ description: 'validation_failed, malformed_request' });
    expect(responses?.['429']).toHaveProperty('headers.Retry-After');
    expect(responses?.['409']).not.toHaveProperty('headers');
    expect(responses?.['200']).not.toHaveProperty('headers.ETag');
  });

  it('promises an ETag and 304 for a GET, and no validation where nothing is asked', async () => {
    const { paths } = await describeApi('1.2.3', {
      '/api/x': resource({ GET: route({ ...options, params: undefined }) }),
    });
    const { parameters, responses } = paths['/api/x']?.get ?? {};
    expect(parameters).toEqual([{ $ref: '#/components/parameters/IfNoneMatch' }]);
    expect(Object.keys(responses ?? {})).toEqual(['200', '304', '401', '403', '409', '429', 'default']);
    expect(responses?.['200']).toHaveProperty('headers.ETag');
  });

  it('refuses a verb that says nothing of itself', async () => {
    const silent = resource({ GET: route({ response: z.null(), handler: () => null }) });
    await expect(describeApi('1', { '/api/x': silent })).rejects.toThrow('GET /api/x says nothing of itself');
  });
});
