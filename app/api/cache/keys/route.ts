import { keysQuerySchema, keysSchema } from '@/lib/contracts/keys';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The keys that the fleet is asked for, or misses, most. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    query: keysQuerySchema,
    response: keysSchema,
    handler: ({ container, query }) => container.listKeys(query),
  }),
});
