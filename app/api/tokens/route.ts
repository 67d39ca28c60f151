import { newTokenAnswerSchema, newTokenSchema, tokenListSchema } from '@/lib/contracts/tokens';
import { identityOf } from '@/lib/http/caller';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** API tokens. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: { id: 'listTokens', tag: 'Tokens', summary: 'API tokens, newest first', errors: ['storage_unavailable'] },
    response: tokenListSchema,
    handler: ({ container }) => container.access.tokens(),
  }),
  POST: route({
    about: {
      id: 'makeToken',
      tag: 'Tokens',
      summary: 'Make an API token',
      description: 'The answer has its secret, which is kept as a hash and never shown again.',
      errors: ['permission_denied', 'storage_unavailable'],
      example: { name: 'Clear after a deploy', scopes: ['clear'], expiresInMs: 7_776_000_000 },
    },
    journal: { target: ({ body }) => body.name, after: ({ token }) => token },
    body: newTokenSchema,
    response: newTokenAnswerSchema,
    handler: ({ container, body, caller }) => container.access.makeToken(body, identityOf(caller)),
  }),
});
