import { identityOfSession, type Identity } from '../auth/identity.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { clientKey, createLimit, type Limit, type LimitOptions } from '../auth/limit.ts';
import type { Begun, SingleSignOn } from '../auth/single-sign-on.ts';
import { createLogIn } from '../auth/log-in.ts';
import { setCookie } from '../auth/session-cookie.ts';
import type { From, OpenedSession } from '../auth/sessions.ts';
import type { Role } from '../contracts/access.ts';
import type { FinishSignOn, SignOn } from '../contracts/sign-on.ts';
import type { ChangePerson, Invited, NewPerson, Person, PersonList } from '../contracts/people.ts';
import type { AcceptInvitation, Invitation, SessionList, SessionState, SignIn } from '../contracts/session.ts';
import type { newTokenSchema, NewTokenAnswer, TokenList } from '../contracts/tokens.ts';
import type { Journal } from '../journal/journal.ts';
import { STRANGER } from '../journal/record.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { Database } from '../storage/database/open.ts';
import type { z } from 'zod';

/** An answer that opens or ends a session: whole Set-Cookie values come with it. */
export interface WithCookies<T> {
  readonly answer: T;
  readonly cookies: readonly string[];
}

/** Who may come in, and what they may: the verbs of the console. */
export interface Access {
  /** Rejects with `login_refused` or `too_many_requests`. */
  signIn(given: SignIn, from: From): Promise<WithCookies<SessionState>>;
  /** What else than a password logs in. */
  signOn(): SignOn;
  /** Rejects with `not_found` where there is none, and with `sign_on_unavailable`. */
  beginSignOn(from: From): Promise<Begun>;
  /** Rejects with `login_refused`, `sign_on_unavailable` or `too_many_requests`. */
  finishSignOn(given: FinishSignOn, from: From): Promise<WithCookies<SessionState>>;
  /** The next token for a session whose token is old: whole Set-Cookie values. */
  renew(identity: Identity): Promise<readonly string[]>;
  signOut(identity: Identity): Promise<WithCookies<{ done: true }>>;
  sessions(identity: Identity): Promise<SessionList>;
  endSession(identity: Identity, id: string): Promise<{ done: true }>;
  lookAtInvitation(secret: string, from: From): Promise<Invitation>;
  acceptInvitation(given: AcceptInvitation, from: From): Promise<WithCookies<SessionState>>;
  people(): Promise<PersonList>;
  addPerson(person: NewPerson): Promise<Invited>;
  changePerson(id: string, change: ChangePerson): Promise<Person>;
  removePerson(id: string): Promise<{ done: true }>;
  invite(id: string): Promise<Invited>;
  tokens(): Promise<TokenList>;
  /** @throws PitwallError `permission_denied` for scopes that its maker hasn't */
  makeToken(token: z.output<typeof newTokenSchema>, by: Identity): Promise<NewTokenAnswer>;
  revokeToken(id: string): Promise<{ done: true }>;
}

export interface AccessOptions {
  readonly database: Pick<Database, 'people' | 'logIns' | 'sessions' | 'tokens' | 'invitations'>;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  /** Log-ins are written down here, once a limit has let them through; everything else where its route is. */
  readonly journal: Pick<Journal, 'command'>;
  /** Undefined where only passwords log in. */
  readonly singleSignOn: (SingleSignOn & { readonly name: string; readonly newcomers: Role | null }) | undefined;
  readonly consoleUrl: string;
  readonly redis: LimitOptions['redis'];
  /** Somebody's rights have changed, or a session or token has ended. */
  readonly onChanged: () => void;
}

const MINUTE_S = 60;
const USED = 'This link was used, was replaced by a newer one, or is too old: ask an admin for a new one.';
const DONE = { done: true } as const;

export const stateOf = ({ actor, permissions }: Identity): SessionState => ({ actor, permissions: [...permissions] });

export function createAccess({
  database,
  authenticator,
  journal,
  singleSignOn,
  consoleUrl,
  redis,
  onChanged,
}: AccessOptions): Access {
  const { people, logIns, sessions, tokens, invitations } = database;
  const what = 'log-ins';
  /** What a stranger does, in the journal. */
  const written = (
    action: string,
    email: string | null,
    request: From,
    run: () => Promise<OpenedSession>,
  ): Promise<OpenedSession> => {
    const { address, agent, requestId } = request;
    const about = { actor: STRANGER, who: email, from: { address, agent }, requestId };
    return journal.command(
      { ...about, action, target: null, before: null, after: null },
      run,
      ({ session: { person } }) => ({
        person: person.id,
        role: person.role,
      }),
    );
  };
  const logIn = createLogIn({
    attempt: (email, password, from) =>
      // What is no address may be a password in the wrong field.
      written('signIn', email.includes('@') ? email.slice(0, 254) : null, from, async () => {
        const opened = await logIns.byPassword(email, password, from);
        if (opened !== undefined) return opened;
        throw new PitwallError('login_refused', 'The e-mail address or the password is wrong.');
      }),
    all: createLimit({ name: 'log-ins', most: 200, seconds: MINUTE_S, what, redis }),
    byClient: createLimit({ name: 'log-ins-client', most: 20, seconds: 5 * MINUTE_S, what, redis }),
    byEmail: createLimit({ name: 'log-ins-email', most: 10, seconds: 5 * MINUTE_S, what, redis }),
  });
  /** Each costs the provider a request or two. */
  const signOns = {
    byClient: createLimit({ name: 'sign-ons-client', most: 30, seconds: MINUTE_S, what, redis }),
    all: createLimit({ name: 'sign-ons', most: 200, seconds: MINUTE_S, what, redis }),
  };
  const links = {
    byClient: createLimit({ name: 'links-client', most: 20, seconds: MINUTE_S, what: 'one-time links', redis }),
    all: createLimit({ name: 'links', most: 100, seconds: MINUTE_S, what: 'one-time links', redis }),
  };
  /** One client is stopped before it stops all others. */
  async function counted({ byClient, all }: Record<'byClient' | 'all', Limit>, { address }: From): Promise<void> {
    await byClient.take(clientKey(address ?? ''));
    await all.take('all');
  }

  function changed(): void {
    authenticator.forget();
    onChanged();
  }
  const opened = ({ session, cookies }: OpenedSession): WithCookies<SessionState> => ({
    answer: stateOf(identityOfSession(session)),
    cookies,
  });
  function found<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new PitwallError('not_found', what);
    return value;
  }
  const provider = () => found(singleSignOn, 'There is no single sign-on here: log in with a password.');
  async function linkFor(person: Person): Promise<Invited> {
    const { secret, expiresAt } = found(await invitations.make(person.id), 'There is no such person.');
    return { person, link: `${consoleUrl}/join#${secret}`, expiresAt };
  }

  return {
    signIn: async ({ email, password }, from) => opened(await logIn(email, password, from)),
    signOn: () => ({ singleSignOn: singleSignOn === undefined ? null : { name: singleSignOn.name } }),
    async beginSignOn(from) {
      const { begin } = provider();
      await counted(signOns, from);
      return begin();
    },
    async finishSignOn({ query, journey }, from) {
      const { finish, newcomers } = provider();
      await counted(signOns, from);
      const who = await finish(query, journey);
      const session = await written('signIn', who.email ?? who.name ?? null, from, async () => {
        const found = await logIns.byProvider(who, newcomers, from);
        if (found !== undefined) return found;
        const why =
          who.email === undefined
            ? 'The provider doesn’t vouch for an e-mail address, so it can’t be told who you are.'
            : 'You have no account here, or it’s disabled: ask an admin.';
        throw new PitwallError('login_refused', why);
      });
      return opened(session);
    },
    renew: async ({ actor, session }) =>
      actor.kind === 'person' && session !== null ? logIns.rotate(actor.id, session) : [],
    async signOut({ actor, session }) {
      if (actor.kind === 'person' && session !== null) await sessions.end(actor.id, session);
      changed();
      const secure = consoleUrl.startsWith('https:');
      return { answer: DONE, cookies: [setCookie('', { secret: '', seconds: 0, secure })] };
    },
    async sessions({ actor, session }) {
      const own = actor.kind === 'person' ? await sessions.list(actor.id) : [];
      return { sessions: own.map(({ person: _person, ...facts }) => ({ ...facts, current: facts.id === session })) };
    },
    async endSession({ actor }, id) {
      const ended = actor.kind === 'person' && (await sessions.end(actor.id, id));
      if (!ended) throw new PitwallError('not_found', 'There is no such session of yours.');
      changed();
      return DONE;
    },
    async lookAtInvitation(secret, from) {
      await counted(links, from);
      return found(await invitations.look(secret), USED);
    },
    async acceptInvitation({ secret, ...given }, from) {
      await counted(links, from);
      const { purpose, email } = found(await invitations.look(secret), USED);
      if (purpose === 'first-admin' && (given.name === undefined || given.email === undefined))
        throw new PitwallError('validation_failed', 'The first account needs a name and an e-mail address.');
      const session = await written('acceptInvitation', email ?? given.email ?? null, from, async () =>
        found(await invitations.accept(secret, given, from), USED),
      );
      changed();
      return opened(session);
    },
    people: async () => ({ people: await people.list() }),
    async addPerson(person) {
      const added = await people.add(person);
      if (added === undefined)
        throw new PitwallError('conflict', `Somebody has the address ${person.email.toLowerCase()} already.`);
      return linkFor(added);
    },
    async changePerson(id, change) {
      const person = found(await people.change(id, change), 'There is no such person.');
      changed();
      return person;
    },
    async removePerson(id) {
      if (!(await people.remove(id))) throw new PitwallError('not_found', 'There is no such person.');
      changed();
      return DONE;
    },
    async invite(id) {
      const person = (await people.list()).find((candidate) => candidate.id === id);
      return linkFor(found(person, 'There is no such person.'));
    },
    tokens: async () => ({ tokens: await tokens.list() }),
    async makeToken(token, { actor, permissions }) {
      const more = token.scopes.filter((scope) => !permissions.includes(scope));
      if (more.length > 0)
        throw new PitwallError('permission_denied', `A token may at most what its maker may; not ${more.join(', ')}.`);
      return tokens.make({ ...token, by: actor.kind === 'person' ? actor.id : null });
    },
    async revokeToken(id) {
      if (!(await tokens.revoke(id))) throw new PitwallError('not_found', 'There is no such token.');
      changed();
      return DONE;
    },
  };
}
