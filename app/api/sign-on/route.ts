import { begunSignOnSchema, signOnSchema } from '@/lib/contracts/sign-on';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Log-ins at an OpenID provider. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: { id: 'getSignOn', tag: 'Access', summary: 'Whether there is a single sign-on, and what it’s called' },
    response: signOnSchema,
    handler: ({ container }) => container.access.signOn(),
  }),
  POST: route({
    about: {
      id: 'beginSignOn',
      tag: 'Access',
      summary: 'Begin a log-in at the OpenID provider',
      description: 'The browser goes to `location`, keeps `journey`, and comes back to /login.',
      errors: ['not_found', 'sign_on_unavailable', 'too_many_requests'],
    },
    // Nothing is done yet.
    journal: false,
    response: begunSignOnSchema,
    handler: ({ container, caller }) => container.access.beginSignOn(caller),
  }),
});
