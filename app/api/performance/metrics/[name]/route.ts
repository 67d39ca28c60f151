import { metricParamsSchema, metricValuesSchema } from '@/lib/contracts/metrics';
import { overviewQuerySchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One live figure over a range; it changes every second. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getMetric',
      tag: 'Performance',
      summary: 'One live figure over a range',
      description:
        'From the same samples as the charts of the page, and over the whole range as its tiles. Of all services, one, or one route of it; over a range up to now, or a fixed window of the past hour (from and to).',
      errors: ['not_found'],
    },
    params: metricParamsSchema,
    query: overviewQuerySchema,
    response: metricValuesSchema,
    handler: ({ container, params, query }) => container.performance.metric(params.name, query),
  }),
});
