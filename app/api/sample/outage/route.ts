import { sampleStateSchema, startOutageSchema } from '@/lib/contracts/sample';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Breaks the sample origin for a while; 404 in front of a real service. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'breakSample',
      tag: 'Sample',
      summary: 'Break the sample origin for a while',
      description: 'It answers 503 to everything. What clients get meanwhile is counted in `GET /api/sample`.',
      errors: ['not_found', 'conflict'],
      example: { seconds: 20 },
    },
    body: startOutageSchema,
    response: sampleStateSchema,
    handler: ({ container, body }) => container.breakSample(body.seconds),
  }),
});
