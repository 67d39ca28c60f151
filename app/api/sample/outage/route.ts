import { outageSchema, startOutageSchema } from '@/lib/contracts/sample';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** POST breaks the sample origin for a while, DELETE ends that early; 404 in front of a real service. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    body: startOutageSchema,
    response: outageSchema,
    handler: ({ container, body }) => container.breakSample(body.seconds),
  }),
  DELETE: route({ response: outageSchema.nullable(), handler: ({ container }) => container.mendSample() }),
});
