import { CONFIG_BODY, importConfigSchema, versionNoteSchema } from '@/lib/contracts/config-versions';
import { runningConfigSchema } from '@/lib/contracts/running';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** The configuration that runs now, and another one in its place. */
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
  POST: route({
    about: {
      id: 'importConfig',
      tag: 'Configuration',
      summary: 'Let another configuration run',
      description:
        'From now on and after a restart. Not where a file or a variable says what runs, nor in a fleet (conflict). Nothing is changed where anything is wrong with it; POST /api/config/check tells what, and what it would change. A body may have 2 MiB.',
      errors: ['not_found', 'conflict', 'gateway_unavailable', 'storage_unavailable', 'data_dir_unwritable'],
      example: { yaml: 'services:\n  - name: shop\n    targets: [{ url: http://127.0.0.1:9000 }]\n' },
    },
    body: importConfigSchema,
    bodyLimit: CONFIG_BODY,
    response: versionNoteSchema,
    journal: {
      // A text of up to 1 MiB that may hold secrets: the version that comes of it is kept apart.
      asked: ({ yaml, base }) => ({ characters: yaml.length, base }),
      after: (note) => note,
    },
    handler: ({ container, body }) => container.importConfig(body),
  }),
});
