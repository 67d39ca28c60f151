import { changeListQuerySchema, changeListSchema } from '@/lib/contracts/changes';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What changed since the console started, newest first, page by page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listChanges',
      tag: 'Performance',
      summary: 'What changed, newest first, page by page',
      description:
        'Clears, configuration, modes, breakers, levels, instances and sample traffic since the console started, 1,000 at most. What is told of a change later (more workers, an outcome) replaces it under the same id.',
    },
    query: changeListQuerySchema,
    response: changeListSchema,
    handler: ({ container, query }) => container.changes.list(query),
  }),
});
