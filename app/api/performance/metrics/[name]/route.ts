import { metricParamsSchema, metricValuesSchema } from '@/lib/contracts/metrics';
import { watchQuerySchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** One live figure over a range; it changes every second. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getMetric',
      tag: 'Performance',
      summary: 'One live figure over a range',
      description: 'From the same samples as the charts of the page, and over the whole range as its tiles.',
      errors: ['not_found'],
    },
    params: metricParamsSchema,
    query: watchQuerySchema,
    response: metricValuesSchema,
    handler: ({ container, params, query }) => container.performance.metric(params.name, query),
  }),
});
