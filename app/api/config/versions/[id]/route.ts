import { versionParamsSchema, versionQuerySchema, versionTextSchema } from '@/lib/contracts/config-versions';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One version of the configuration. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getConfigVersion',
      tag: 'Configuration',
      summary: 'The text of a version, and what differs in it',
      description: 'The texts of the newest 500 versions are kept, at most 32 MiB of them.',
      errors: ['not_found', 'storage_unavailable'],
    },
    params: versionParamsSchema,
    query: versionQuerySchema,
    response: versionTextSchema,
    handler: ({ container, params, query }) => container.configVersion(params.id, query.against),
  }),
});
