import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Lets a paused job go on, as soon as there is a place for it. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'resumeJob',
      tag: 'Jobs',
      summary: 'Resume a paused job',
      description: 'It goes on as soon as there is a place for it.',
      errors: ['not_found', 'conflict', 'storage_unavailable'],
    },
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.resume(params.id),
  }),
});
