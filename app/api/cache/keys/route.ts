import { keysQuerySchema, keysSchema } from '@/lib/contracts/keys';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The keys that the fleet is asked for, or misses, most. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listKeys',
      tag: 'Cache',
      summary: 'The keys that are asked for, or missed, most',
      description:
        'Summed over all workers and instances that answer, greatest count first, from counters of bounded size: a count may be too high by its error.',
      errors: ['gateway_unavailable'],
    },
    query: keysQuerySchema,
    response: keysSchema,
    handler: ({ container, query }) => container.listKeys(query),
  }),
});
