import { changeParamsSchema, changeSchema } from '@/lib/contracts/changes';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One change, as long as it's kept. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getChange',
      tag: 'Performance',
      summary: 'One change',
      description: 'What is told of it by now. The last 1,000 are kept, until the console starts again.',
      errors: ['not_found'],
    },
    params: changeParamsSchema,
    response: changeSchema,
    handler: ({ container, params }) => container.changes.find(params.id),
  }),
});
