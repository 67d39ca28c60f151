import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One job. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.find(params.id),
  }),
});
