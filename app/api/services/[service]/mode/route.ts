import { z } from 'zod';
import { modeAnswerSchema, setModeSchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const params = z.object({ service: z.string().max(63) });

/** Switches a service's mode on every worker of every instance; answers with its state, and with who wasn't reached. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    params,
    body: setModeSchema,
    response: modeAnswerSchema,
    handler: ({ container, params, body }) => container.setMode(params.service, body),
  }),
});
