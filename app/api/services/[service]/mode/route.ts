import { z } from 'zod';
import { modeAnswerSchema, setModeSchema } from '@/lib/contracts/overview';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

const params = z.object({ service: z.string().max(63).describe('Its name') });

/** Switches a service's mode on every worker of every instance; answers with its state, and with who wasn't reached. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'setMode',
      tag: 'Services',
      summary: 'Switch a service’s mode',
      description:
        'On every worker of every instance, within a second. Answers with the state of the service, and with the instances that didn’t answer: they switch when they are back.',
      errors: ['not_found', 'gateway_unavailable'],
      example: { mode: 'observe', reason: 'Comparing with the origin', forMs: 3_600_000 },
    },
    journal: {
      before: async ({ container, params: { service } }) =>
        (await container.services()).find((state) => state.service === service)?.mode,
      after: ({ mode, modeReason, modeUntil, unreached }) => ({
        mode,
        reason: modeReason,
        until: modeUntil,
        unreached,
      }),
    },
    params,
    body: setModeSchema,
    response: modeAnswerSchema,
    handler: ({ container, params, body }) => container.setMode(params.service, body),
  }),
});
