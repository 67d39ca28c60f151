import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { LOCAL, type Identity } from '../../../lib/auth/identity.ts';
import { createLimit } from '../../../lib/auth/limit.ts';
import { callerOf, identityOf } from '../../../lib/http/caller.ts';
import { PitwallError, type ErrorCode } from '../../../lib/kernel/errors.ts';
import { createGatekeeper } from '../../../lib/http/gatekeeper.ts';

const viewer: Identity = {
  actor: { kind: 'person', id: 'p1', name: 'Zoë', email: 'z@example.com', role: 'viewer' },
  permissions: ['look', 'metrics'],
  session: 's1',
};

function request(method = 'GET', headers: Record<string, string> = {}): IncomingMessage {
  return { method, headers, socket: { remoteAddress: '10.0.0.9' } } as unknown as IncomingMessage;
}

function scene(identity: Identity | undefined, most = 1_000) {
  let asked = 0;
  const gatekeeper = createGatekeeper({
    authenticator: {
      identify() {
        asked++;
        return Promise.resolve(identity);
      },
    },
    limit: createLimit({ name: 'requests', most, seconds: 60, what: 'requests' }),
    development: false,
  });
  return { gatekeeper, asked: () => asked };
}

/** What a route sees of it. */
const seenBy = (from: IncomingMessage) =>
  callerOf(new Request('http://localhost/', { headers: from.headers as Record<string, string> }));

describe('the gatekeeper', () => {
  it('hands on who asks and from where, whatever a client says of itself', async () => {
    const { gatekeeper } = scene(viewer);
    const from = request('GET', { 'user-agent': `Firefox ${'x'.repeat(500)}`, 'x-pitwall-caller': 'forged' });
    await gatekeeper.admit(from, '/api/jobs');
    const caller = seenBy(from);
    expect(caller).toMatchObject({ identity: viewer, address: '10.0.0.9' });
    expect(caller.agent).toHaveLength(300);
    expect(identityOf(caller)).toEqual(viewer);
  });

  it('asks nobody who it is for what anyone may have', async () => {
    const { gatekeeper, asked } = scene(undefined);
    const from = request('GET', { 'x-pitwall-caller': encodeURIComponent(JSON.stringify({ identity: LOCAL })) });
    await gatekeeper.admit(from, '/login');
    expect(asked()).toBe(0);
    expect(seenBy(from).identity).toBeUndefined();
    expect(() => identityOf(seenBy(from))).toThrow(/Log in at \/login/);
    expect(callerOf(new Request('http://localhost/'))).toMatchObject({ address: null, agent: null });
  });

  it('lets no token do what people do themselves, and answers whoever asks whether it lives', async () => {
    const token: Identity = {
      actor: { kind: 'token', id: 't1', name: 'all' },
      permissions: LOCAL.permissions,
      session: null,
    };
    const { gatekeeper } = scene(token, 20);
    for (const [method, path] of [
      ['POST', '/api/people'],
      ['PATCH', '/api/people/p1'],
      ['POST', '/api/people/p1/invite'],
      ['POST', '/api/tokens'],
      ['POST', '/api/journal/erase'],
      ['DELETE', '/api/sessions/s1'],
      ['DELETE', '/api/session'],
    ] as const) {
      await expect(gatekeeper.admit(request(method), path)).rejects.toMatchObject({ code: 'permission_denied' });
    }
    await gatekeeper.admit(request(), '/api/people');
    await gatekeeper.admit(request('DELETE'), '/api/tokens/t2');
    for (let i = 0; i < 30; i++) await gatekeeper.admit(request(), '/healthz');
  });

  it('refuses strangers, and who may less, with what is missing', async () => {
    await expect(scene(undefined).gatekeeper.admit(request(), '/api/jobs')).rejects.toMatchObject({
      code: 'login_required',
    });
    await expect(scene(viewer).gatekeeper.admit(request('POST'), '/api/cache/clear')).rejects.toMatchObject({
      code: 'permission_denied',
      message: 'This needs the permission “clear”: clear entries, and undo that.',
    });
    await scene({ ...viewer, permissions: [] }).gatekeeper.admit(request(), '/api/session');
    await expect(
      scene({ ...viewer, permissions: ['metrics'] }).gatekeeper.admitSocket(request()),
    ).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await scene(viewer).gatekeeper.admitSocket(request())).toEqual(viewer);
  });

  it('lets sockets stay as long as they would be let in, without counting', async () => {
    const { gatekeeper } = scene(viewer, 1);
    for (let i = 0; i < 5; i++) expect(await gatekeeper.mayStay(request())).toBe(true);
    expect(await scene({ ...viewer, permissions: ['metrics'] }).gatekeeper.mayStay(request())).toBe(false);
    expect(await scene(undefined).gatekeeper.mayStay(request())).toBe(false);
    const failing = (code: ErrorCode) =>
      createGatekeeper({
        authenticator: { identify: () => Promise.reject(new PitwallError(code, 'x')) },
        limit: createLimit({ name: 'requests', most: 1, seconds: 60, what: 'requests' }),
        development: false,
      });
    expect(await failing('login_required').mayStay(request())).toBe(false);
    await expect(failing('storage_unavailable').mayStay(request())).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });

  it('limits each caller, strangers by their address', async () => {
    for (const identity of [viewer, undefined]) {
      const { gatekeeper } = scene(identity, 2);
      const path = identity === undefined ? '/login' : '/';
      await gatekeeper.admit(request(), path);
      await gatekeeper.admit(request(), path);
      await expect(gatekeeper.admit(request(), path)).rejects.toMatchObject({ code: 'too_many_requests' });
    }
  });
});
