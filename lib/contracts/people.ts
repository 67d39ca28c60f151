import './no-eval.ts';
import { z } from 'zod';
import { roleSchema } from './access.ts';
import { emailSchema, personNameSchema } from './session.ts';

const wall = z.number().describe('ms since the epoch');

export const personSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: roleSchema,
    disabled: z.boolean().describe('Can’t log in; what is known of the person stays'),
    joined: z.boolean().describe('False until a password was set or a single sign-on seen'),
    createdAt: wall,
    lastSeenAt: wall.nullable().describe('The newest log-in; null = none'),
  })
  .meta({ id: 'Person', description: 'Somebody with an account' });
export type Person = z.infer<typeof personSchema>;

export const personListSchema = z.object({ people: z.array(personSchema).describe('By name') });
export type PersonList = z.infer<typeof personListSchema>;

/** POST /api/people. */
export const newPersonSchema = z.object({ name: personNameSchema, email: emailSchema, role: roleSchema });
export type NewPerson = z.infer<typeof newPersonSchema>;

/** POST /api/people and POST /api/people/{id}/invite: a link that sets a password, once. */
export const invitedSchema = z.object({
  person: personSchema,
  link: z.string().describe('To be given to the person; shown only now'),
  expiresAt: wall,
});
export type Invited = z.infer<typeof invitedSchema>;

/** PATCH /api/people/{id}. */
export const changePersonSchema = z
  .object({ name: personNameSchema, role: roleSchema, disabled: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'expected something to change');
export type ChangePerson = z.infer<typeof changePersonSchema>;

export const personParamsSchema = z.object({ id: z.string().min(1).max(64).describe('Of the person') });
