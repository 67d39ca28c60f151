import { acceptInvitationSchema, sessionStateSchema } from '@/lib/contracts/session';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** A one-time link, used. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'acceptInvitation',
      tag: 'Access',
      summary: 'Use a one-time link: set the password, and log in',
      description: 'Ends every other session of the person. Name and address are for the first account.',
      errors: ['not_found', 'too_many_requests', 'storage_unavailable'],
      example: { secret: 'what the link has after its #', password: 'correct horse battery' },
    },
    // Once a limit has let it through.
    journal: false,
    body: acceptInvitationSchema,
    response: sessionStateSchema,
    async handler({ container, body, caller, headers }) {
      const { answer, cookies } = await container.access.acceptInvitation(body, caller);
      for (const cookie of cookies) headers.append('set-cookie', cookie);
      return answer;
    },
  }),
});
