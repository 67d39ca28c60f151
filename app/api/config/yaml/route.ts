import { z } from 'zod';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The configuration that runs, as a file. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: {
      id: 'exportConfig',
      tag: 'Configuration',
      summary: 'The configuration that runs, as YAML',
      description: 'As it was written; [redacted] stands for secrets. Imported again, it keeps those that run.',
      errors: ['not_found'],
    },
    response: z.string(),
    type: 'application/yaml',
    handler({ container, headers }) {
      headers.set('content-disposition', 'attachment; filename="pitwall.yaml"');
      return container.configYaml();
    },
  }),
});
