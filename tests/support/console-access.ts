import { ROLE_PERMISSIONS, type Permission } from '../../lib/contracts/access.ts';
import { changePersonSchema, newPersonSchema, type Person } from '../../lib/contracts/people.ts';
import {
  acceptInvitationSchema,
  lookAtInvitationSchema,
  signInSchema,
  type Actor,
  type Session,
} from '../../lib/contracts/session.ts';
import { finishSignOnSchema } from '../../lib/contracts/sign-on.ts';
import { newTokenSchema, type Token } from '../../lib/contracts/tokens.ts';
import { createFixtureJournal } from './console-journal.ts';

/** Who looks at the double: somebody at the machine, a person of each role, or nobody who is known. */
export const LOOKERS = ['local', 'admin', 'operator', 'viewer', 'nobody'] as const;
export type Looker = (typeof LOOKERS)[number];

/** The password of everybody. */
export const PASSWORD = 'correct horse battery';
/** What a one-time link has after its "#"; any other was used. */
export const SECRETS = { first: 'first-secret', person: 'person-secret' } as const;
/** Seconds that the double has one wait who tries as this address. */
export const WAIT_S = 3;
export const HASTY = 'hasty@shop.example';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function peopleOf(at: number): Person[] {
  const person = (id: string, name: string, role: Person['role'], part: Partial<Person> = {}): Person => ({
    id,
    name,
    email: `${id}@shop.example`,
    role,
    disabled: false,
    joined: true,
    createdAt: at - 90 * DAY,
    lastSeenAt: at - 20 * 60_000,
    ...part,
  });
  return [
    person('ines', 'Inês Carvalho', 'viewer', { joined: false, lastSeenAt: null }),
    person('jonas', 'Jonas Weber', 'operator', { lastSeenAt: at - 3 * HOUR }),
    person('mara', 'Mara Lindqvist', 'admin'),
    person('priya', 'Priya Raghunathan-Featherstonehaugh', 'admin', {
      email: 'priya.raghunathan-featherstonehaugh@observability.shop.example',
      lastSeenAt: at - 2 * DAY,
    }),
    person('tomas', 'Tomás Oliveira', 'operator', { disabled: true, lastSeenAt: at - 41 * DAY }),
    person('wanja', 'Wanja Mwangi', 'viewer', { lastSeenAt: at - 9 * DAY }),
  ];
}

const SELF: Readonly<Record<Exclude<Looker, 'local' | 'nobody'>, string>> = {
  admin: 'mara',
  operator: 'jonas',
  viewer: 'wanja',
};

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

const sessionsOf = (at: number): Session[] => [
  { id: 's1', current: true, createdAt: at - HOUR, expiresAt: at + 7 * DAY, address: '10.0.3.41', agent: AGENT },
  { id: 's2', current: false, createdAt: at - 2 * DAY, expiresAt: at + 5 * DAY, address: '2001:db8::7', agent: PHONE },
  { id: 's3', current: false, createdAt: at - 6 * DAY, expiresAt: at + DAY, address: null, agent: null },
];

function tokensOf(at: number): Token[] {
  const token = (id: string, name: string, scopes: Permission[], part: Partial<Token>): Token => ({
    id,
    name,
    start: `pw_${id}`,
    scopes,
    createdAt: at - 30 * DAY,
    createdBy: 'Mara Lindqvist',
    expiresAt: at + 60 * DAY,
    lastUsedAt: at - 9_000,
    ...part,
  });
  return [
    token('ci', 'Deployment', ['clear', 'warm', 'jobs'], { expiresAt: at + 3 * DAY }),
    token('prom', 'Prometheus', ['metrics'], {}),
    token('old', 'A script that nobody remembers', ['look', 'metrics', 'clear', 'warm', 'jobs', 'hold', 'sample'], {
      lastUsedAt: null,
      expiresAt: at - DAY,
      createdBy: 'Jonas Weber',
    }),
  ];
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const ok = (body: unknown): Answered => ({ status: 200, body });
const problem = (status: number, code: string, title: string, detail: string, headers = {}): Answered => ({
  status,
  body: { type: `urn:pitwall:problem:${code}`, title, status, detail, code, instance: '01JCX4T2M8' },
  headers,
});

const NEEDS: readonly (readonly [RegExp, Permission])[] = [
  [/^\/api\/people/, 'people'],
  [/^\/api\/tokens/, 'tokens'],
  [/^\/api\/journal/, 'journal'],
];

/** The double's people, sessions, tokens and journal, as they are when it starts at `at`, ms since the epoch. */
export function createFixtureAccess(at: number, origin: () => string) {
  let who: Looker = 'local';
  const people = peopleOf(at);
  const tokens = tokensOf(at);
  const sessions = sessionsOf(at);
  const journal = createFixtureJournal(at);

  function actor(): { actor: Actor; permissions: readonly Permission[] } | null {
    if (who === 'nobody') return null;
    if (who === 'local') return { actor: { kind: 'local' }, permissions: ROLE_PERMISSIONS.admin };
    const self = people.find(({ id }) => id === SELF[who as keyof typeof SELF]);
    if (self === undefined) return null;
    const { id, name, email, role } = self;
    return { actor: { kind: 'person', id, name, email, role }, permissions: ROLE_PERMISSIONS[role] };
  }
  const invited = (person: Person) => ({
    person,
    link: `${origin()}/join#${SECRETS.person}-pY7cR2mVw9LkT4xQ8sN1bD6f`,
    expiresAt: at + 2 * DAY,
  });

  /** What anybody may ask, logged in or not. */
  function forAnybody(asked: string, body: unknown): Answered | undefined {
    if (asked === 'POST /api/session') {
      const { email, password } = signInSchema.parse(body);
      if (email === HASTY) {
        const detail = 'Too many tries for this address.';
        return problem(429, 'too_many_requests', 'Too many requests', detail, { 'retry-after': String(WAIT_S) });
      }
      const person = people.find((each) => each.email === email.toLowerCase() && !each.disabled);
      if (person === undefined || password !== PASSWORD) {
        const detail = 'The e-mail address or the password is wrong.';
        return problem(401, 'login_refused', 'The log-in was refused', detail);
      }
      who = person.role;
      return ok(actor());
    }
    if (asked === 'GET /api/sign-on') return ok({ singleSignOn: { name: 'Shop ID' } });
    if (asked === 'POST /api/sign-on') {
      return ok({ location: `${origin()}/login?code=vouched&state=s1`, journey: 'journey' });
    }
    if (asked === 'POST /api/sign-on/finish') {
      const { query, journey } = finishSignOnSchema.parse(body);
      if (journey !== 'journey' || !query.includes('code=vouched')) {
        return problem(401, 'login_refused', 'The log-in was refused', 'The provider refused: access_denied.');
      }
      who = 'operator';
      return ok(actor());
    }
    if (asked === 'POST /api/invitations/look') {
      const { secret } = lookAtInvitationSchema.parse(body);
      if (secret === SECRETS.first) return ok({ purpose: 'first-admin', name: null, email: null });
      if (secret.startsWith(SECRETS.person)) {
        return ok({ purpose: 'person', name: 'Inês Carvalho', email: 'ines@shop.example' });
      }
      return problem(404, 'not_found', 'Not found', 'This link was used, or is too old. Ask for a new one.');
    }
    if (asked === 'POST /api/invitations/accept') {
      who = acceptInvitationSchema.parse(body).secret === SECRETS.first ? 'admin' : 'viewer';
      return ok(actor());
    }
    return undefined;
  }

  function onPerson(method: string, person: Person, rest: string, body: unknown): Answered | undefined {
    if (rest === '/invite') return ok(invited(person));
    const lastAdmin = people.filter(({ role, disabled }) => role === 'admin' && !disabled).length === 1;
    const isLast = lastAdmin && person.role === 'admin' && !person.disabled;
    const refused = () => problem(409, 'conflict', 'Not possible now', `${person.name} is the last admin.`);
    if (method === 'PATCH') {
      const change = changePersonSchema.parse(body);
      if (isLast && (change.disabled === true || (change.role ?? 'admin') !== 'admin')) return refused();
      return ok(Object.assign(person, change));
    }
    if (method !== 'DELETE') return undefined;
    if (isLast) return refused();
    people.splice(people.indexOf(person), 1);
    return ok({ done: true });
  }

  function onTable(asked: string, url: URL, body: unknown): Answered | undefined {
    if (asked === 'GET /api/people') return ok({ people });
    if (asked === 'POST /api/people') {
      const given = newPersonSchema.parse(body);
      if (people.some(({ email }) => email === given.email)) {
        return problem(409, 'conflict', 'Not possible now', `Somebody has the address ${given.email} already.`);
      }
      const id = `p${people.length}`;
      const person = { id, ...given, disabled: false, joined: false, createdAt: at, lastSeenAt: null };
      people.push(person);
      return ok(invited(person));
    }
    if (asked === 'GET /api/tokens') return ok({ tokens });
    if (asked === 'POST /api/tokens') {
      const { name, scopes, expiresInMs } = newTokenSchema.parse(body);
      const token: Token = {
        ...{ id: `t${tokens.length}`, name, start: 'pw_9fK2', scopes, createdAt: at, createdBy: 'Mara Lindqvist' },
        ...{ expiresAt: at + expiresInMs, lastUsedAt: null },
      };
      tokens.unshift(token);
      return ok({ token, secret: 'pw_9fK2mVw9LkT4xQ8sN1bD6fpY7cR2aZ3e' });
    }
    if (asked === 'GET /api/sessions') return ok({ sessions: who === 'local' ? [] : sessions });
    if (asked === 'GET /api/journal') return ok(journal.page(url.searchParams));
    return undefined;
  }

  function without<T extends { readonly id: string }>(list: T[], id: string): Answered {
    const place = list.findIndex((each) => each.id === id);
    if (place < 0) return problem(404, 'not_found', 'Not found', `There is no ${id}.`);
    list.splice(place, 1);
    return ok({ done: true });
  }

  return {
    become: (next: Looker) => void (who = next),
    /** Whether a page is shown, or the log-in in its place. */
    mayLook: () => who !== 'nobody',
    exported: journal.exported,
    /** The answer, undefined where the path is none of these. */
    answer(method: string, url: URL, body: unknown): Answered | undefined {
      const asked = `${method} ${url.pathname}`;
      const open = forAnybody(asked, body);
      if (open !== undefined) return open;
      const state = actor();
      if (state === null) return problem(401, 'login_required', 'A log-in is needed', 'Nobody is logged in.');
      if (asked === 'GET /api/session') return ok(state);
      if (asked === 'DELETE /api/session') {
        who = 'nobody';
        return ok({ done: true });
      }
      const needed = NEEDS.find(([path]) => path.test(url.pathname))?.[1];
      if (needed !== undefined && !state.permissions.includes(needed)) {
        return problem(403, 'permission_denied', 'Not allowed', `Needs the permission ${needed}.`);
      }
      const table = onTable(asked, url, body);
      if (table !== undefined) return table;
      const [, what, id = '', rest = ''] =
        /^\/api\/(people|tokens|sessions)\/([^/]+)(\/invite)?$/.exec(url.pathname) ?? [];
      if (what === 'tokens' && method === 'DELETE') return without(tokens, id);
      if (what === 'sessions' && method === 'DELETE') return without(sessions, id);
      const person = what === 'people' ? people.find((each) => each.id === id) : undefined;
      return person === undefined ? undefined : onPerson(method, person, rest, body);
    },
  };
}
