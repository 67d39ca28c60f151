import type { IncomingMessage } from 'node:http';
import { LOCAL, type Identity } from '../../lib/auth/identity.ts';
import { callerFrom, handOn } from '../../lib/http/caller.ts';
import type { Journal } from '../../lib/journal/journal.ts';

/** The headers by which the console's listener tells a route who asks. */
export function headersOf(identity: Identity | undefined): Record<string, string> {
  const request = { headers: {}, socket: { remoteAddress: '127.0.0.1' } } as unknown as IncomingMessage;
  handOn(request, callerFrom(request, identity));
  return request.headers as Record<string, string>;
}

/** Of somebody at the machine. */
export const fromMachine = headersOf(LOCAL);

/** Runs commands without writing them down. */
export const unjournaled: Pick<Journal, 'command'> = { command: async (_about, run) => run() };
