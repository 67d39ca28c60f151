import { sessionStateSchema } from '@/lib/contracts/session';
import { finishSignOnSchema } from '@/lib/contracts/sign-on';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The way back from an OpenID provider. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'finishSignOn',
      tag: 'Access',
      summary: 'End a log-in at the OpenID provider, with a cookie',
      errors: ['not_found', 'login_refused', 'sign_on_unavailable', 'too_many_requests', 'storage_unavailable'],
      example: {
        query: '?code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj',
        journey: 'eyJzdGF0ZSI6ImFmMGlmanNsZGtqIn0.kQ',
      },
    },
    // Once a limit has let it through.
    journal: false,
    body: finishSignOnSchema,
    response: sessionStateSchema,
    async handler({ container, body, caller, headers }) {
      const { answer, cookies } = await container.access.finishSignOn(body, caller);
      for (const cookie of cookies) headers.append('set-cookie', cookie);
      return answer;
    },
  }),
});
