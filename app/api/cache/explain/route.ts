import { explainAnswerSchema, explainQuerySchema } from '@/lib/contracts/explain';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What would become of a request, and why. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'explainRequest',
      tag: 'Cache',
      summary: 'What would become of a request, and what decides it',
      description:
        'Every worker that answers says what it would do now, step by step: route, key, what each level holds, clears, the arithmetic of age and lifetime, the directive or setting that decides with its RFC section, and what the origin would be asked. Nothing is fetched, counted or moved. Of a route marked sensitive, what is stored (tags, selecting values, header texts) is shown only to who may change policies.',
      errors: [
        'gateway_unavailable',
        'invalid_url',
        'invalid_host',
        'path_traversal',
        'url_too_long',
        'method_refused',
        'no_service',
      ],
    },
    query: explainQuerySchema,
    response: explainAnswerSchema,
    // Who may change policies could take the mark off.
    handler: ({ container, query, caller }) =>
      container.explain(query, caller.identity?.permissions.includes('policies') ?? false),
  }),
});
