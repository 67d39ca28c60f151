import './no-eval.ts';
import { z } from 'zod';
import { permissionSchema, roleSchema } from './access.ts';

const wall = z.number().describe('ms since the epoch');

export const emailSchema = z.email('expected an e-mail address').max(254).describe('E-mail address');
export const personNameSchema = z.string().trim().min(1).max(100).describe('As others see it');
/** NIST SP 800-63B section 3.1.1.2: long rather than complicated. */
export const passwordSchema = z
  .string()
  .min(12, 'expected at least 12 characters')
  .max(128)
  .describe('12 to 128 characters');

/** Who asks. */
export const actorSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('local').describe('Somebody at this machine, without a log-in') }),
    z.object({
      kind: z.literal('person'),
      id: z.string(),
      name: z.string(),
      email: z.string(),
      role: roleSchema,
    }),
    z.object({ kind: z.literal('token'), id: z.string(), name: z.string() }),
  ])
  .meta({ id: 'Actor', description: 'Who asks' });
export type Actor = z.infer<typeof actorSchema>;

/** GET /api/session. */
export const sessionStateSchema = z.object({
  actor: actorSchema,
  permissions: z.array(permissionSchema).describe('What the one who asks may'),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

/** POST /api/session. */
export const signInSchema = z.object({
  email: z.string().min(1).max(254).describe('E-mail address'),
  password: z.string().min(1).max(128),
});
export type SignIn = z.infer<typeof signInSchema>;

export const sessionSchema = z
  .object({
    id: z.string(),
    current: z.boolean().describe('Whether this request belongs to it'),
    createdAt: wall,
    expiresAt: wall,
    address: z.string().nullable().describe('Where it was begun from'),
    agent: z.string().nullable().describe('The browser, as it named itself'),
  })
  .meta({ id: 'Session', description: 'A log-in of a person on one browser' });
export type Session = z.infer<typeof sessionSchema>;

/** GET /api/sessions. */
export const sessionListSchema = z.object({ sessions: z.array(sessionSchema).describe('One’s own, newest first') });
export type SessionList = z.infer<typeof sessionListSchema>;

/** POST /api/invitations/look: what a one-time link is for. */
export const lookAtInvitationSchema = z.object({
  secret: z.string().min(1).max(200).describe('What the link has after its #'),
});
export const invitationSchema = z.object({
  purpose: z.enum(['first-admin', 'person']).describe('The first account, or the password of one that is there'),
  name: z.string().nullable().describe('Null for the first account'),
  email: z.string().nullable().describe('Null for the first account'),
});
export type Invitation = z.infer<typeof invitationSchema>;

/** POST /api/invitations/accept: makes the account usable, and opens a session. */
export const acceptInvitationSchema = lookAtInvitationSchema.extend({
  name: personNameSchema.optional().describe('For the first account'),
  email: emailSchema.optional().describe('For the first account'),
  password: passwordSchema,
});
export type AcceptInvitation = z.infer<typeof acceptInvitationSchema>;

/** What an action without an answer of its own answers. */
export const doneSchema = z.object({ done: z.literal(true) });
