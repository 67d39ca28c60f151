import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RESOURCES as ROUTES } from '../../../app/api/openapi.json/resources.ts';
import { MACHINES, needOf, PAGES, RESOURCES, SOCKET_EVENTS } from '../../../lib/auth/access.ts';
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from '../../../lib/contracts/access.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** `app/(console)/docs/api/page.tsx` → `/docs/api` */
function pathOf(file: string): string {
  const parts = dirname(file)
    .split('/')
    .slice(1)
    .filter((part) => !part.startsWith('('))
    .map((part) => part.replace(/^\[(?:\.\.\.)?(.+)\]$/, '{$1}'));
  return `/${parts.join('/')}`;
}

describe('the table of who may what', () => {
  it('names every page', () => {
    const pages = globSync('app/**/page.tsx', { cwd: root }).map(pathOf);
    expect(pages.toSorted()).toEqual(Object.keys(PAGES).toSorted());
  });

  it('names every verb of every resource, and no other', () => {
    const files = globSync('app/api/**/route.ts', { cwd: root }).map(pathOf);
    expect(files.toSorted()).toEqual(Object.keys(RESOURCES).toSorted());
    for (const [path, module] of Object.entries(ROUTES)) {
      const verbs = VERBS.filter((verb) => (module as Record<string, { operation?: unknown }>)[verb]?.operation);
      expect([path, Object.keys(RESOURCES[path] ?? {}).toSorted()]).toEqual([path, verbs.toSorted()]);
    }
  });

  it('names every event of the live socket', () => {
    const hub = readFileSync(join(root, 'lib/live/hub.ts'), 'utf8');
    const events = [...hub.matchAll(/event === '(\w+)'/g)].map(([, event]) => event);
    expect(events.toSorted()).toEqual(Object.keys(SOCKET_EVENTS).toSorted());
    expect(new Set(Object.values(SOCKET_EVENTS))).toEqual(new Set(['look']));
  });

  it('names what is answered before Next', () => {
    const probes = readFileSync(join(root, 'lib/http/probes.ts'), 'utf8');
    const paths = [...probes.matchAll(/^\s+'(\/\w+)',$|\['(\/\w+)',/gm)].map(([, one, other]) => one ?? other);
    expect(paths.toSorted()).toEqual(Object.keys(MACHINES).toSorted());
  });

  it('lets nobody look at what isn’t in it, and only at assets without a log-in', () => {
    expect(existsSync(join(root, 'app/icon.svg'))).toBe(true);
    expect(needOf('GET', '/_next/static/chunks/a.js')).toBe('anyone');
    expect(needOf('GET', '/icon.svg')).toBe('anyone');
    expect(needOf('GET', '/icon.svg/x')).toBe('look');
    expect(needOf('GET', '/_next/image')).toBe('look');
    expect(needOf('GET', '/nothing')).toBe('look');
    expect(needOf('GET', '/_next/data')).toBe('look');
    expect(needOf('GET', '/_next/data', true)).toBe('anyone');
    expect(needOf('GET', '/__proto__')).toBe('look');
    expect(needOf('GET', '/constructor')).toBe('look');
    expect(needOf('constructor', '/api/jobs')).toBe('look');
    expect(needOf('HEAD', '/api/people')).toBe('people');
    expect(needOf('POST', '/api/services/a%20b/mode')).toBe('hold');
    expect(needOf('POST', '/api/jobs/x/cancel')).toBe('jobs');
    expect(needOf('DELETE', '/api/jobs/x/cancel')).toBe('look');
    expect(needOf('POST', '/api/jobs//cancel')).toBe('jobs');
    expect(needOf('POST', '/api/cache/clear/')).toBe('look');
  });

  it('gives each role all that the one below has', () => {
    const [viewer, operator, admin] = ROLES.map((role) => new Set(ROLE_PERMISSIONS[role]));
    expect([...viewer!].filter((permission) => !operator!.has(permission))).toEqual([]);
    expect(admin).toEqual(new Set(Object.keys(PERMISSIONS)));
    for (const one of ['people', 'tokens', 'policies', 'rules', 'channels', 'journal'] as const)
      expect(operator!.has(one)).toBe(false);
    expect(viewer).toEqual(new Set(['look', 'metrics']));
  });
});
