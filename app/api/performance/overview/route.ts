import { overviewSchema, watchSchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const query = watchSchema.extend({
  service: watchSchema.shape.service.default('all'),
  range: watchSchema.shape.range.default('5m'),
});

/** The full state of the first page for one service (or all) and one range; it changes every second. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({ query, response: overviewSchema, handler: ({ container, query }) => container.overview(query) }),
});
