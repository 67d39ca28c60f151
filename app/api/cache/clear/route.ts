import { clearSchema } from '@/lib/contracts/clear';
import { jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Clears: in the log when this answers, with the job that says which workers have followed. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    body: clearSchema,
    response: jobSchema,
    handler: ({ container, body }) => container.clears.clear(body.scope, body.mode),
  }),
});
