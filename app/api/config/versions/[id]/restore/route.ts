import { versionNoteSchema, versionParamsSchema } from '@/lib/contracts/config-versions';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Lets a version run again. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'restoreConfig',
      tag: 'Configuration',
      summary: 'Let a version run again',
      description: 'As if its text was imported: with the secrets that run now, from now on and after a restart.',
      errors: [
        'not_found',
        'conflict',
        'validation_failed',
        'gateway_unavailable',
        'storage_unavailable',
        'data_dir_unwritable',
      ],
    },
    params: versionParamsSchema,
    response: versionNoteSchema,
    journal: { after: (note) => note },
    handler: ({ container, params }) => container.restoreConfig(params.id),
  }),
});
