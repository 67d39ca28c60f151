import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One job. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getJob',
      tag: 'Jobs',
      summary: 'One job',
      errors: ['not_found', 'storage_unavailable'],
    },
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.find(params.id),
  }),
});
