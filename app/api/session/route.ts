import { doneSchema, sessionStateSchema, signInSchema } from '@/lib/contracts/session';
import { identityOf } from '@/lib/http/caller';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Who one is; logging in and out. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: { id: 'getSession', tag: 'Access', summary: 'Who one is, and what one may' },
    response: sessionStateSchema,
    async handler({ container, caller, headers }) {
      const identity = identityOf(caller);
      for (const cookie of await container.access.renew(identity)) headers.append('set-cookie', cookie);
      return { actor: identity.actor, permissions: [...identity.permissions] };
    },
  }),
  POST: route({
    about: {
      id: 'signIn',
      tag: 'Access',
      summary: 'Log in, with a cookie',
      description: 'A wrong password and an unknown address are answered alike, after the same time.',
      errors: ['login_refused', 'too_many_requests', 'storage_unavailable'],
      example: { email: 'ada@example.com', password: 'correct horse battery' },
    },
    // Once a limit has let it through.
    journal: false,
    body: signInSchema,
    response: sessionStateSchema,
    async handler({ container, body, caller, headers }) {
      const { answer, cookies } = await container.access.signIn(body, caller);
      for (const cookie of cookies) headers.append('set-cookie', cookie);
      return answer;
    },
  }),
  DELETE: route({
    about: { id: 'signOut', tag: 'Access', summary: 'Log out', errors: ['storage_unavailable'] },
    response: doneSchema,
    async handler({ container, caller, headers }) {
      const { answer, cookies } = await container.access.signOut(identityOf(caller));
      for (const cookie of cookies) headers.append('set-cookie', cookie);
      return answer;
    },
  }),
});
