import { healthSchema } from '@/lib/contracts/running';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Healthy, degraded, failing or unknown: why, and since when. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getHealth',
      tag: 'Performance',
      summary: 'Healthy, degraded, failing or unknown: why, and since when',
      description: 'Of all services together, as the page says it. Load balancers ask /readyz.',
    },
    response: healthSchema,
    handler: ({ container }) => container.health(),
  }),
});
