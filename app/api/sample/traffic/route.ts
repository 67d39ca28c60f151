import { sampleTrafficSchema } from '@/lib/contracts/overview';
import { sampleTrafficStateSchema } from '@/lib/contracts/running';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Starts or stops the sample traffic; 404 in front of a real service. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'runSampleTraffic',
      tag: 'Sample',
      summary: 'Start or stop the sample traffic',
      description: 'Only without an upstream of one’s own.',
      errors: ['not_found'],
      example: { run: true },
    },
    body: sampleTrafficSchema,
    response: sampleTrafficStateSchema,
    handler: ({ container, body }) => ({ sampleTraffic: container.runSampleTraffic(body.run) }),
  }),
});
