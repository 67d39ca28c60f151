import { probeSchema, upstreamSchema } from '@/lib/contracts/onboarding';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Asks a base URL once, as a client would. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'probeUpstream',
      tag: 'Sample',
      summary: 'Probe a service',
      description:
        'One GET of its base URL: name, connection, TLS, head of the answer, within 5 s. No redirect is followed, no body read. What can’t be reached is an answer too, with the reason. Only a console on loopback in front of the sample does it.',
      errors: ['conflict'],
      example: { url: 'http://127.0.0.1:9000' },
    },
    body: upstreamSchema,
    response: probeSchema,
    handler: ({ container, body }) => container.probeUpstream(body.url),
  }),
});
