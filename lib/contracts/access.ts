import './no-eval.ts';
import { z } from 'zod';

/** Everything that somebody may be allowed to do, and what it means. */
export const PERMISSIONS = {
  look: 'See every page, and follow the live figures',
  metrics: 'Read /metrics',
  clear: 'Clear entries, and undo that',
  warm: 'Fetch entries before they are asked for',
  jobs: 'Pause, resume and cancel jobs',
  acknowledge: 'Acknowledge alerts',
  silence: 'Silence alerts',
  hold: 'Hold breakers, and switch a service’s mode',
  drain: 'Take targets and instances out of use',
  optimise: 'Try, keep and revert optimisations',
  sample: 'Drive the sample traffic, and break its origin',
  policies: 'Change services, routes and policies, and put another service behind the gateway',
  rules: 'Change alert rules',
  channels: 'Change where alerts are sent',
  people: 'Add and remove people, and change what they may',
  tokens: 'Make and revoke API tokens',
  journal: 'Read the journal: who did what, from where',
} as const;
export type Permission = keyof typeof PERMISSIONS;

const names = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];
export const permissionSchema = z.enum(names).describe('What is allowed');

export const ROLES = ['viewer', 'operator', 'admin'] as const;
export const roleSchema = z.enum(ROLES).describe('What a person may: look, act, or everything');
export type Role = z.infer<typeof roleSchema>;

const VIEWER = ['look', 'metrics'] as const satisfies readonly Permission[];
const OPERATOR = [
  ...VIEWER,
  'clear',
  'warm',
  'jobs',
  'acknowledge',
  'silence',
  'hold',
  'drain',
  'optimise',
  'sample',
] as const satisfies readonly Permission[];

/** What each role may. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: VIEWER,
  operator: OPERATOR,
  admin: names,
};
