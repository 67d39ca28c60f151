import type { Invitations } from '../auth/invitations.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Journal } from '../journal/journal.ts';
import type { Environment } from '../config/environment.ts';
import { isLoopback } from '../kernel/loopback.ts';
import { isPitwallError, PitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';

/** While the database is away, ms. */
const AGAIN_MS = 5_000;

export interface FirstAccountOptions {
  readonly invitations: Invitations;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly journal: Pick<Journal, 'command'>;
  /** From the environment. */
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  /** Whether somebody can come in without an account: then none is needed. */
  readonly reachable: boolean;
  readonly consoleUrl: string;
  readonly after: After;
  readonly logger: Logger;
}

/** Whether the console is for somebody at the machine, who needs no account. */
export function isReachable({ localAdmin, host }: Pick<Environment, 'localAdmin' | 'host'>): boolean {
  return localAdmin && isLoopback(host);
}

/**
 * Where nobody could come in: makes the first account from the environment, or prints a one-time link to the log. Does
 * nothing once there is an admin. Waits for a database that is away.
 */
export async function inviteFirst(options: FirstAccountOptions): Promise<void> {
  const { admin, reachable, after, logger } = options;
  if (reachable && admin === undefined) return;
  try {
    const said = await (admin === undefined ? linkForFirst(options) : makeFirst(options, admin));
    if (said !== undefined) logger.info(said);
  } catch (error) {
    if (isPitwallError(error) && error.code === 'storage_unavailable') after(AGAIN_MS, () => void inviteFirst(options));
    else logger.error('The first account couldn’t be made.', { error });
  }
}

async function linkForFirst({ invitations, consoleUrl }: FirstAccountOptions): Promise<string | undefined> {
  const made = await invitations.make(null);
  return (
    made &&
    `Nobody has an account yet. This link makes the first one, for 24 hours and once: ${consoleUrl}/join#${made.secret}`
  );
}

async function makeFirst(
  { invitations, sessions, journal }: FirstAccountOptions,
  { email, password }: NonNullable<FirstAccountOptions['admin']>,
): Promise<string | undefined> {
  const made = await invitations.make(null);
  if (made === undefined) return undefined;
  const from = { address: null, agent: 'PITWALL_ADMIN_EMAIL' };
  const about = { actor: 'engine', who: null, from, requestId: null, action: 'makeFirstAccount', target: email };
  const opened = await journal.command({ ...about, before: null, after: { email, role: 'admin' } }, async () => {
    const accepted = await invitations.accept(made.secret, { name: 'Admin', email, password }, from);
    if (accepted !== undefined) return accepted;
    throw new PitwallError('conflict', 'PITWALL_ADMIN_EMAIL and PITWALL_ADMIN_PASSWORD made no account that logs in.');
  });
  await sessions.end(opened.session.person.id, opened.session.id);
  return `The first account was made from PITWALL_ADMIN_EMAIL: ${email}. To change its password or name, make yourself a new link in Settings, under People.`;
}
