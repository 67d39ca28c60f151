import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Cancels a job that hasn't ended; its runner is told. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'cancelJob',
      tag: 'Jobs',
      summary: 'Cancel a job that hasn’t ended',
      description: 'It ends at once for everybody; what it has done stays done.',
      errors: ['not_found', 'conflict', 'storage_unavailable'],
    },
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.cancel(params.id),
  }),
});
