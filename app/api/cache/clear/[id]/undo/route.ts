import { z } from 'zod';
import { jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const params = z.object({ id: z.string().max(100) });

/** Undoes the soft clear of a job: what it cleared, and nothing else has, is fresh again. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    params,
    response: jobSchema,
    handler: ({ container, params }) => container.clears.undo(params.id),
  }),
});
