import { jobParamsSchema, jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Has a job stop at its next safe point, or wait aside. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'pauseJob',
      tag: 'Jobs',
      summary: 'Pause a job',
      description:
        'A running one stops at its next safe point and gives its place to the next; a queued one waits aside.',
      errors: ['not_found', 'conflict', 'storage_unavailable'],
    },
    params: jobParamsSchema,
    response: jobSchema,
    handler: ({ container, params }) => container.jobs.pause(params.id),
  }),
});
