import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operationGroups, searchTextOf } from '@/components/api-reference/operations';
import { describeApi } from '@/lib/http/openapi/document';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const document = await describeApi('1.0.0', {
  '/api/jobs/{id}': resource({
    GET: route({
      about: { id: 'getJob', tag: 'Jobs', summary: 'One job', description: 'As it is now.', errors: ['not_found'] },
      params: z.object({ id: z.string().max(9).describe('Of the job') }),
      response: z.object({ ok: z.boolean() }),
      handler: () => ({ ok: true }),
    }),
    POST: route({
      about: { id: 'changeJob', tag: 'Jobs', summary: 'Change a job', example: { n: 1 } },
      body: z.object({ n: z.number() }),
      response: z.object({ ok: z.boolean() }),
      handler: () => ({ ok: true }),
    }),
  }),
});

describe('the operations of a reference', () => {
  const groups = operationGroups(document);
  const [get, post] = groups[0]?.operations ?? [];

  it('are grouped by tag in the document’s order; an empty group is left out', () => {
    expect(groups.map(({ tag }) => tag)).toEqual(['Jobs', 'Machines']);
    expect(groups[1]?.operations.map(({ path }) => path)).toEqual(['/healthz', '/readyz', '/metrics']);
  });

  it('say what they take, answer and fail with', () => {
    expect(get).toMatchObject({
      id: 'getJob',
      verb: 'get',
      parameters: [{ name: 'id', in: 'path' }],
      body: undefined,
      answers: [{ type: 'application/json' }],
      failures: [
        { status: '400', codes: ['validation_failed'] },
        { status: '401', codes: ['login_required'] },
        { status: '403', codes: ['permission_denied'] },
        { status: '404', codes: ['not_found'] },
      ],
    });
    expect(post?.body).toMatchObject({ example: '{"n":1}', schema: { required: ['n'] } });
    expect(groups[1]?.operations[1]?.failures).toEqual([{ status: '503', codes: [] }]);
  });

  it('are found by path, words, parameters and codes', () => {
    const text = get === undefined ? '' : searchTextOf(get);
    for (const word of ['/api/jobs', 'getjob', 'as it is', 'get ', ' id', '404 not_found'])
      expect(text).toContain(word);
  });
});
