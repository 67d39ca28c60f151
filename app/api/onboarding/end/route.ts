import { onboardingSchema } from '@/lib/contracts/onboarding';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Puts the gateway in front of the sample again. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'endTrial',
      tag: 'Sample',
      summary: 'Go back to the sample',
      errors: ['conflict', 'gateway_unavailable'],
    },
    response: onboardingSchema,
    handler: ({ container }) => container.endTrial(),
  }),
});
