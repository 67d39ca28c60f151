import { overviewQuerySchema, overviewSchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The full state of the first page for all services, one, or a route of it, over a range up to now or a fixed window. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getOverview',
      tag: 'Performance',
      summary: 'Everything that the first page shows',
      description:
        'For all services, one, or one route of it: totals, the same for the period before, samples, routes, levels, instances, health. Over a range up to now, where it changes every second, or over a fixed window of the past hour (`from` and `to`); of what was before that nothing is known.',
      errors: ['not_found'],
    },
    query: overviewQuerySchema,
    response: overviewSchema,
    handler: ({ container, query: { service, route, range, from, to } }) =>
      from === undefined || to === undefined
        ? container.overview({ service, route, range })
        : container.overviewWindow({ service, route, from, to }),
  }),
});
