import type { IncomingMessage } from 'node:http';
import { isForTokens, MACHINES, needOf, SOCKET, type Need } from '../auth/access.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { actorName, type Identity } from '../auth/identity.ts';
import { clientKey, type Limit } from '../auth/limit.ts';
import { PERMISSIONS } from '../contracts/access.ts';
import { isPitwallError, PitwallError } from '../kernel/errors.ts';
import { callerFrom, handOn, loginRequired } from './caller.ts';

export interface GatekeeperOptions {
  readonly authenticator: Pick<Authenticator, 'identify'>;
  /** Of one caller's requests. */
  readonly limit: Limit;
  /** Next asks for more then. */
  readonly development: boolean;
}

export interface Gatekeeper {
  /**
   * Lets a request of the console through and hands on who asks. Rejects with `login_required`, `permission_denied` or
   * `too_many_requests`, and with `storage_unavailable` where the database would have to be asked and is away.
   */
  admit(request: IncomingMessage, path: string): Promise<void>;
  /** The same for the handshake of the live socket. */
  admitSocket(request: IncomingMessage): Promise<Identity>;
  /** Whether a socket that was let in would be now; counts nothing. Rejects while that can't be told. */
  mayStay(request: IncomingMessage): Promise<boolean>;
}

/** The one place where requests are let through or not: by the table in lib/auth/access. */
export function createGatekeeper({ authenticator, limit, development }: GatekeeperOptions): Gatekeeper {
  const identify = (request: IncomingMessage): Promise<Identity | undefined> =>
    authenticator.identify({ peer: request.socket.remoteAddress, headers: request.headers });

  const isAllowed = (identity: Identity | undefined, need: Exclude<Need, 'anyone'>): boolean =>
    identity !== undefined && (need === 'known' || identity.permissions.includes(need));

  async function check(request: IncomingMessage, need: Need): Promise<Identity | undefined> {
    // What anyone may have costs the database nothing, whatever a request shows.
    const identity = need === 'anyone' ? undefined : await identify(request);
    await limit.take(identity === undefined ? clientKey(request.socket.remoteAddress) : actorName(identity.actor));
    if (need === 'anyone') return undefined;
    if (identity === undefined) throw loginRequired();
    if (isAllowed(identity, need)) return identity;
    const means = need === 'known' ? '' : `: ${lower(PERMISSIONS[need])}`;
    throw new PitwallError('permission_denied', `This needs the permission “${need}”${means}.`);
  }

  return {
    async admit(request, path) {
      const method = request.method ?? 'GET';
      const need = needOf(method, path, development);
      // Whoever asks whether this process lives gets an answer, however much others ask.
      const identity = MACHINES[path] === 'anyone' ? undefined : await check(request, need);
      if (identity?.actor.kind === 'token' && !isForTokens(method, path)) {
        throw new PitwallError('permission_denied', 'A token can’t do this, whatever its scopes: log in for it.');
      }
      handOn(request, callerFrom(request, identity));
    },
    admitSocket: async (request) => (await check(request, SOCKET)) as Identity,
    async mayStay(request) {
      try {
        return isAllowed(await identify(request), SOCKET);
      } catch (error) {
        if (isPitwallError(error) && error.code === 'login_required') return false;
        throw error;
      }
    },
  };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
