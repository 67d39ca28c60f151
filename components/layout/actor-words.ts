import type { Actor } from '@/lib/contracts/session';

export const AT_THIS_MACHINE =
  'You are at this machine, so you are admin without a log-in. PITWALL_LOCAL_ADMIN=off turns that off.';

/** Who somebody is, in a few words. */
export const actorName = (actor: Actor): string => (actor.kind === 'local' ? 'At this machine' : actor.name);

/** By what they are allowed what they may. */
export function actorRole(actor: Actor): string {
  if (actor.kind === 'person') return actor.role;
  return actor.kind === 'local' ? 'admin' : 'API token';
}
