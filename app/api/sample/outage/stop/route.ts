import { sampleStateSchema } from '@/lib/contracts/sample';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Ends the sample's outage early; 404 in front of a real service. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'mendSample',
      tag: 'Sample',
      summary: 'End the outage early',
      description: 'The sample origin answers again. Changes nothing where it does already.',
      errors: ['not_found'],
    },
    response: sampleStateSchema,
    handler: ({ container }) => container.mendSample(),
  }),
});
