import { onboardingSchema, upstreamSchema } from '@/lib/contracts/onboarding';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Puts the gateway in front of a service in place of the sample. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'startTrial',
      tag: 'Sample',
      summary: 'Try a service in place of the sample',
      description:
        'From here on the gateway fronts it, in mode observe: everything is forwarded, and what mode cache would have saved is counted. Until it’s ended, or the process is.',
      errors: ['conflict', 'gateway_unavailable'],
      example: { url: 'http://127.0.0.1:9000' },
    },
    body: upstreamSchema,
    response: onboardingSchema,
    handler: ({ container, body }) => container.startTrial(body.url),
  }),
});
