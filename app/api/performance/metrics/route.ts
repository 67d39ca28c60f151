import { metricListSchema } from '@/lib/contracts/metrics';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The live figures that can be asked for by name. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listMetrics',
      tag: 'Performance',
      summary: 'The live figures that can be asked for by name',
      description: 'With what they count and their unit. Prometheus asks /metrics, which has counters instead.',
    },
    response: metricListSchema,
    handler: ({ container }) => ({ metrics: [...container.performance.metricList] }),
  }),
});
