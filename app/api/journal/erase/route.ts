import { eraseSchema, erasedSchema } from '@/lib/contracts/journal';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Takes out of the journal what tells of a person. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: route({
    about: {
      id: 'eraseFromJournal',
      tag: 'Journal',
      summary: 'Take somebody’s name, address and browser out of the journal',
      description: 'What was done stays, with the id of who did it, and the chain verifies as before. Can’t be undone.',
      errors: ['storage_unavailable'],
      example: { actor: 'person:8c1f2a' },
    },
    journal: { target: ({ body }) => body.actor, after: (answer) => answer },
    body: eraseSchema,
    response: erasedSchema,
    handler: ({ container, body }) => container.journal.erase(body.actor),
  }),
});
