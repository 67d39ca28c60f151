import { versionListQuerySchema, versionListSchema } from '@/lib/contracts/config-versions';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The configurations that came to run. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listConfigVersions',
      tag: 'Configuration',
      summary: 'Which configurations came to run, newest first, page by page',
      description:
        'A view of the journal. A version is named after its text: where the same text runs again, it’s the same version.',
      errors: ['storage_unavailable'],
    },
    query: versionListQuerySchema,
    response: versionListSchema,
    handler: ({ container, query }) => container.configVersions(query),
  }),
});
