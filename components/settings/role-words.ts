import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Role } from '@/lib/contracts/access';

/** A role in one sentence. */
export const ROLE_DOES: Readonly<Record<Role, string>> = {
  viewer: 'Sees every page, and changes nothing.',
  operator: 'Acts on what runs: clears, jobs, alerts, breakers, modes.',
  admin: 'Everything: policies, people, tokens and the journal too.',
};

export const ROLE_CHOICES = ROLES.map((key) => ({ key, word: key, does: ROLE_DOES[key] }));

/** What somebody may do once they have another role, and no longer, in words. */
export function roleChange(
  from: Role,
  to: Role,
): { readonly gains: readonly string[]; readonly loses: readonly string[] } {
  const [before, after] = [ROLE_PERMISSIONS[from], ROLE_PERMISSIONS[to]];
  return {
    gains: after.filter((each) => !before.includes(each)).map((each) => PERMISSIONS[each]),
    loses: before.filter((each) => !after.includes(each)).map((each) => PERMISSIONS[each]),
  };
}
