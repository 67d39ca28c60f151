import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Lets a paused job go on, as soon as there is a place for it. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.resume(params.id),
  }),
});
