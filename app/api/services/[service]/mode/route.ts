import { z } from 'zod';
import { serviceStateSchema, setModeSchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const params = z.object({ service: z.string().max(63) });

/** Switches a service's mode on every worker; answers when all have taken it, with the service's state. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    params,
    body: setModeSchema,
    response: serviceStateSchema,
    handler: ({ container, params, body }) => container.setMode(params.service, body),
  }),
});
