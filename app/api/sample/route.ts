import { sampleStateSchema } from '@/lib/contracts/sample';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What the sample does now: its traffic, and its last outage. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'getSample',
      tag: 'Sample',
      summary: 'The sample as it is now',
      description: 'Its traffic, and its last outage with what clients got from its start on.',
    },
    response: sampleStateSchema,
    handler: ({ container }) => container.sampleState(),
  }),
});
