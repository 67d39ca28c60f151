import { invitedSchema, newPersonSchema, personListSchema } from '@/lib/contracts/people';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** Who has an account. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: route({
    about: { id: 'listPeople', tag: 'People', summary: 'Who has an account, by name', errors: ['storage_unavailable'] },
    response: personListSchema,
    handler: ({ container }) => container.access.people(),
  }),
  POST: route({
    about: {
      id: 'addPerson',
      tag: 'People',
      summary: 'Add somebody',
      description: 'Answers with a one-time link by which the person sets a password.',
      errors: ['conflict', 'storage_unavailable'],
      example: { name: 'Ada Lovelace', email: 'ada@example.com', role: 'operator' },
    },
    // Names and addresses couldn't be erased from there.
    journal: { asked: ({ role }) => ({ role }), after: ({ person: { id, role } }) => ({ id, role }) },
    body: newPersonSchema,
    response: invitedSchema,
    handler: ({ container, body }) => container.access.addPerson(body),
  }),
});
