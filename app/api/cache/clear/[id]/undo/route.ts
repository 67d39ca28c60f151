import { z } from 'zod';
import { jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const params = z.object({ id: z.string().max(100).describe('Of the job that cleared') });

/** Undoes the soft clear of a job: what it cleared, and nothing else has, is fresh again. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'undoClear',
      tag: 'Cache',
      summary: 'Undo a soft clear',
      description:
        'What the clear of this job turned stale, and nothing else has, is fresh again. A hard clear has nothing left to undo.',
      errors: ['not_found', 'conflict', 'too_many_requests', 'storage_unavailable'],
    },
    params,
    response: jobSchema,
    handler: ({ container, params }) => container.clears.undo(params.id),
  }),
});
