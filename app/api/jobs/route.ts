import { jobListQuerySchema, jobListSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Jobs, newest first, page by page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listJobs',
      tag: 'Jobs',
      summary: 'Jobs, newest first, page by page',
      description: 'The next page is ?after= with what "next" of the page before says, and the same filters.',
      errors: ['storage_unavailable'],
    },
    query: jobListQuerySchema,
    response: jobListSchema,
    handler: ({ container, query }) => container.jobs.list(query),
  }),
});
