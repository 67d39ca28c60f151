import { doneSchema } from '@/lib/contracts/session';
import { tokenParamsSchema } from '@/lib/contracts/tokens';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One API token. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: route({
    about: {
      id: 'revokeToken',
      tag: 'Tokens',
      summary: 'Revoke an API token',
      description: 'At once here, within 5 s in other processes; sockets that it opened are cut.',
      errors: ['not_found', 'storage_unavailable'],
    },
    params: tokenParamsSchema,
    response: doneSchema,
    handler: ({ container, params: { id } }) => container.access.revokeToken(id),
  }),
});
