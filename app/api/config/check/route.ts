import { CONFIG_BODY, checkConfigSchema, configCheckSchema } from '@/lib/contracts/config-versions';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What a configuration would change. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'checkConfig',
      tag: 'Configuration',
      summary: 'What is wrong with a configuration, or what it would change',
      description: 'Changes nothing. Files that it names are looked for. A body may have 2 MiB.',
      errors: ['not_found'],
      example: { yaml: 'services:\n  - name: shop\n    targets: [{ url: http://127.0.0.1:9000 }]\n' },
    },
    body: checkConfigSchema,
    bodyLimit: CONFIG_BODY,
    response: configCheckSchema,
    journal: false,
    handler: ({ container, body }) => container.checkConfig(body.yaml),
  }),
});
