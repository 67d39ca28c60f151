import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Has a job stop at its next safe point, or wait aside. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.pause(params.id),
  }),
});
