import { cacheReportSchema, topKeys } from '@/lib/contracts/cache';
import { watchQuerySchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What the levels hold and answer, and why the rest isn't answered by them. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getCache',
      tag: 'Performance',
      summary: 'What the cache holds and answers, and what it misses',
      description:
        'Levels, hit ratio, reasons of misses, and the keys that are missed most. An answer is kept for 30 s.',
      errors: ['not_found', 'gateway_unavailable'],
    },
    query: watchQuerySchema.extend({ top: topKeys }),
    response: cacheReportSchema,
    cache: 'live',
    handler: ({ container, query: { top, ...watch } }) => container.performance.cache(watch, top),
  }),
});
