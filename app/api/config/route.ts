import { runningConfigSchema } from '@/lib/contracts/running';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The configuration that runs now, with every default filled in and without secrets. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getConfig',
      tag: 'Configuration',
      summary: 'The configuration that runs now',
      description: 'With every default filled in, and without secrets.',
      errors: ['gateway_unavailable'],
    },
    response: runningConfigSchema,
    handler: ({ container }) => container.runningConfig(),
  }),
});
