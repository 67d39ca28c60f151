import { overviewSchema, watchQuerySchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The full state of the first page for one service (or all) and one range; it changes every second. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getOverview',
      tag: 'Performance',
      summary: 'Everything that the first page shows',
      description:
        'For one service or all and one range: totals, the same for the period before, samples, routes, levels, instances, health. It changes every second.',
      errors: ['not_found'],
    },
    query: watchQuerySchema,
    response: overviewSchema,
    handler: ({ container, query }) => container.overview(query),
  }),
});
