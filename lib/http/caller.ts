import type { IncomingMessage } from 'node:http';
import type { Identity } from '../auth/identity.ts';
import { LONGEST_AGENT } from '../auth/sessions.ts';
import { PitwallError } from '../kernel/errors.ts';
import { REQUEST_ID } from './request-id.ts';

/** The header by which the console's listener hands on who asks. What a client sends under this name is dropped. */
const CALLER = 'x-pitwall-caller';

/** Who sent a request, and from where. */
export interface Caller {
  /** Undefined for a stranger, who gets only to what is for anyone. */
  readonly identity: Identity | undefined;
  readonly address: string | null;
  readonly agent: string | null;
  readonly requestId: string | null;
}

export const callerFrom = (request: IncomingMessage, identity: Identity | undefined): Caller => ({
  identity,
  address: request.socket.remoteAddress ?? null,
  agent: request.headers['user-agent']?.slice(0, LONGEST_AGENT) ?? null,
  requestId: String(request.headers[REQUEST_ID] ?? '') || null,
});

export function handOn(request: IncomingMessage, caller: Caller): void {
  request.headers[CALLER] = encodeURIComponent(JSON.stringify(caller));
}

/** The caller that our listener handed on with a request; a stranger where there was no listener. */
export function callerOf(request: Request): Caller {
  const text = request.headers.get(CALLER);
  if (text === null) return { identity: undefined, address: null, agent: null, requestId: null };
  return JSON.parse(decodeURIComponent(text)) as Caller;
}

/** @throws PitwallError `login_required` for a stranger */
export function identityOf({ identity }: Caller): Identity {
  if (identity === undefined) throw loginRequired();
  return identity;
}

export const loginRequired = (): PitwallError =>
  new PitwallError(
    'login_required',
    'Log in at /login, or send an API token as Authorization: Bearer (commands: PITWALL_TOKEN).',
  );
