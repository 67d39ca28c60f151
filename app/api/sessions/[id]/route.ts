import { z } from 'zod';
import { doneSchema } from '@/lib/contracts/session';
import { identityOf } from '@/lib/http/caller';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const params = z.object({ id: z.string().min(1).max(64).describe('Of the session') });

/** One of one's sessions. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: route({
    about: {
      id: 'endSession',
      tag: 'Access',
      summary: 'End one of one’s sessions',
      errors: ['not_found', 'storage_unavailable'],
    },
    params,
    response: doneSchema,
    handler: ({ container, params: { id }, caller }) => container.access.endSession(identityOf(caller), id),
  }),
});
