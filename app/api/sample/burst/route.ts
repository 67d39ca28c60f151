import { burstAnswerSchema, burstSchema } from '@/lib/contracts/sample';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Sends identical requests for a fresh key of the sample through the gateway; 404 in front of a real service. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'sendBurst',
      tag: 'Sample',
      summary: 'Send identical requests at once',
      description:
        'For something that nobody has asked for before, through the gateway, over at most 500 connections. Answers with what became of them, counted from the answers and by the origin. One burst at a time.',
      errors: ['not_found', 'conflict'],
      example: { requests: 1_000 },
    },
    body: burstSchema,
    response: burstAnswerSchema,
    handler: ({ container, body }) => container.burst(body.requests),
  }),
});
