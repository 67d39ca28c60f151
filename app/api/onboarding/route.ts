import { onboardingSchema } from '@/lib/contracts/onboarding';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Whether a service can be tried from here, and the one that is. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getOnboarding',
      tag: 'Sample',
      summary: 'Whether a service can be tried, and what was seen of it',
      description:
        'While one is tried: its requests by shape of path with the reasons of misses, what mode cache would have saved, and a proposed configuration.',
    },
    response: onboardingSchema,
    handler: ({ container }) => container.onboarding(),
  }),
});
