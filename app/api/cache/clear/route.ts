import { clearSchema } from '@/lib/contracts/clear';
import { jobSchema } from '@/lib/contracts/job';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Clears: in the log when this answers, with the job that says which workers have followed. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'clearCache',
      tag: 'Cache',
      summary: 'Clear a URL, tag, prefix, glob, service or everything',
      description:
        'The clear is in the log when this answers; the job says which workers have followed. Soft (the default) turns entries stale and can be undone, hard deletes them.',
      errors: ['not_found', 'too_many_requests', 'storage_unavailable'],
      example: { scope: { tag: 'chat:42' }, mode: 'soft' },
    },
    journal: {
      target: ({ body }) =>
        Object.entries(body.scope)
          .map((part) => part.join(' '))
          .join(', '),
      after: ({ id, title }) => ({ job: id, title }),
    },
    body: clearSchema,
    response: jobSchema,
    handler: ({ container, body }) => container.clears.clear(body.scope, body.mode),
  }),
});
