import { invitationSchema, lookAtInvitationSchema } from '@/lib/contracts/session';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What a one-time link is for. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'lookAtInvitation',
      tag: 'Access',
      summary: 'What a one-time link is for',
      description: 'The secret is what the link has after its #; it’s in the body so that no log has it.',
      errors: ['not_found', 'too_many_requests', 'storage_unavailable'],
      example: { secret: 'what the link has after its #' },
    },
    journal: false,
    body: lookAtInvitationSchema,
    response: invitationSchema,
    handler: ({ container, body, caller }) => container.access.lookAtInvitation(body.secret, caller),
  }),
});
