import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Cancels a job that hasn't ended; its runner is told. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.cancel(params.id),
  }),
});
