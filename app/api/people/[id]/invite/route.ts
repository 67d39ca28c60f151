import { invitedSchema, personParamsSchema } from '@/lib/contracts/people';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** A new one-time link for somebody who has an account. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'invitePerson',
      tag: 'People',
      summary: 'Make a new one-time link',
      description: 'For a link that was lost, or a password that was forgotten; links made before stop working.',
      errors: ['not_found', 'storage_unavailable'],
    },
    params: personParamsSchema,
    response: invitedSchema,
    handler: ({ container, params: { id } }) => container.access.invite(id),
  }),
});
