import { servicesSchema } from '@/lib/contracts/running';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The services with their modes, targets and breakers, as the gateways say now. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'listServices',
      tag: 'Services',
      summary: 'The services with their modes, targets and breakers',
      description: 'As the gateways say now.',
      errors: ['gateway_unavailable'],
    },
    response: servicesSchema,
    handler: async ({ container }) => ({ services: await container.services() }),
  }),
});
