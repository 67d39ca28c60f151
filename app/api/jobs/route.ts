import { jobListQuerySchema, jobListSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Jobs, newest first, page by page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    query: jobListQuerySchema,
    response: jobListSchema,
    handler: ({ container, query }) => container.jobs.list(query),
  }),
});
