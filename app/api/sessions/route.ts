import { sessionListSchema } from '@/lib/contracts/session';
import { identityOf } from '@/lib/http/caller';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One's own sessions. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listSessions',
      tag: 'Access',
      summary: 'One’s own sessions, newest first',
      description: 'Empty for a token, and for somebody at the machine.',
      errors: ['storage_unavailable'],
    },
    response: sessionListSchema,
    handler: ({ container, caller }) => container.access.sessions(identityOf(caller)),
  }),
});
