import { ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '../lib/contracts/access';

/** The least role that may this. */
export const leastRole = (permission: Permission): Role =>
  ROLES.find((role) => ROLE_PERMISSIONS[role].includes(permission)) ?? 'admin';

/** Why somebody may not do it, as the next step. */
export const refusalOf = (permission: Permission): string => `Needs the role ${leastRole(permission)}`;
