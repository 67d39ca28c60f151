import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';
import { apiDocument, reading } from './document';

/** The OpenAPI document of everything under /api, and of what machines ask. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({ ...reading, cache: 'history', handler: async () => ({ ...(await apiDocument()) }) }),
});
