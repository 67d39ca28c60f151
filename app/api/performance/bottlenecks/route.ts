import { bottlenecksSchema, topRoutes } from '@/lib/contracts/bottlenecks';
import { watchQuerySchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What holds requests up, and what could be done. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listBottlenecks',
      tag: 'Performance',
      summary: 'What holds requests up, and what could be done',
      description:
        'Workers whose event loop is late or busy, levels that are slow or degraded, then routes by the time that they wait for the origin. An answer is kept for 30 s.',
      errors: ['not_found'],
    },
    query: watchQuerySchema.extend({ top: topRoutes }),
    response: bottlenecksSchema,
    cache: 'live',
    handler: ({ container, query: { top, ...watch } }) => container.performance.bottlenecks(watch, top),
  }),
});
