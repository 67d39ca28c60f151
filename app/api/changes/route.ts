import { changeListQuerySchema, changeListSchema } from '@/lib/contracts/changes';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What changed since the console started, newest first, page by page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    query: changeListQuerySchema,
    response: changeListSchema,
    handler: ({ container, query }) => container.changes.list(query),
  }),
});
