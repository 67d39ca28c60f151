import { burstAnswerSchema, burstSchema } from '@/lib/contracts/sample';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Sends identical requests for a fresh key of the sample through the gateway; 404 in front of a real service. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    body: burstSchema,
    response: burstAnswerSchema,
    handler: ({ container, body }) => container.burst(body.requests),
  }),
});
