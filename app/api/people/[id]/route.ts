import {
  changePersonSchema,
  personParamsSchema,
  personSchema,
  type ChangePerson,
  type PersonList,
} from '@/lib/contracts/people';
import { doneSchema } from '@/lib/contracts/session';
import { resource } from '@/lib/http/resource';
import { route } from '@/lib/http/route';

/** What the journal says of somebody: names and addresses couldn't be erased from there. */
const rights = ({ role, disabled }: ChangePerson) => ({ role, disabled });
function rightsOf({ people }: PersonList, id: string) {
  const person = people.find((candidate) => candidate.id === id);
  return person && rights(person);
}

/** One person. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PATCH: route({
    about: {
      id: 'changePerson',
      tag: 'People',
      summary: 'Change somebody’s name or role, or disable the account',
      description: 'Another role, and disabling, end the person’s sessions. The last admin can’t be made less.',
      errors: ['not_found', 'conflict', 'storage_unavailable'],
      example: { role: 'operator' },
    },
    journal: {
      asked: rights,
      before: async ({ container, params: { id } }) => rightsOf(await container.access.people(), id),
      after: rights,
    },
    params: personParamsSchema,
    body: changePersonSchema,
    response: personSchema,
    handler: ({ container, params: { id }, body }) => container.access.changePerson(id, body),
  }),
  DELETE: route({
    about: {
      id: 'removePerson',
      tag: 'People',
      summary: 'Remove somebody, with sessions and tokens',
      errors: ['not_found', 'conflict', 'storage_unavailable'],
    },
    journal: { before: async ({ container, params: { id } }) => rightsOf(await container.access.people(), id) },
    params: personParamsSchema,
    response: doneSchema,
    handler: ({ container, params: { id } }) => container.access.removePerson(id),
  }),
});
