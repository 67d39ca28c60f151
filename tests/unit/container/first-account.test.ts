import { describe, expect, it } from 'vitest';
import type { OpenedSession } from '../../../lib/auth/sessions.ts';
import { inviteFirst, isReachable } from '../../../lib/container/first-account.ts';
import type { Journal } from '../../../lib/journal/journal.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { manualTimers } from '../../support/jobs.ts';

const admin = { email: 'ada@example.com', password: 'correct horse battery' };

function scene({ reachable = false, fails = [] as Error[], hasAdmin = false, logsIn = true } = {}) {
  const timers = manualTimers(manualClock());
  const lines: string[] = [];
  const ended: string[] = [];
  const accepted: object[] = [];
  const written: object[] = [];
  const options = {
    invitations: {
      make() {
        const error = fails.shift();
        if (error !== undefined) return Promise.reject(error);
        return Promise.resolve(hasAdmin ? undefined : { secret: 'S3CRET', expiresAt: 1 });
      },
      look: () => Promise.resolve(undefined),
      accept(secret: string, given: object) {
        accepted.push({ secret, ...given });
        const opened = { session: { id: 's1', person: { id: 'p1' } }, cookies: [] };
        return Promise.resolve(logsIn ? (opened as unknown as OpenedSession) : undefined);
      },
    },
    sessions: {
      end(person: string, id: string) {
        ended.push(`${person} ${id}`);
        return Promise.resolve(true);
      },
    },
    journal: {
      command(about: object, work: () => Promise<never>) {
        written.push(about);
        return work();
      },
    } as Pick<Journal, 'command'>,
    reachable,
    consoleUrl: 'http://pw.example:3000',
    after: timers.after,
    logger: {
      ...silentLogger,
      info: (line: string) => void lines.push(line),
      error: (line: string) => void lines.push(line),
    },
  };
  return { options, timers, lines, ended, accepted, written };
}

describe('the first account', () => {
  it('is by a link in the log, where nobody could come in', async () => {
    const { options, lines } = scene();
    await inviteFirst({ ...options, admin: undefined });
    expect(lines).toEqual([expect.stringContaining('http://pw.example:3000/join#S3CRET')]);
  });

  it('is needed by nobody where somebody at the machine is admin, or there is an admin', async () => {
    const local = scene({ reachable: true });
    await inviteFirst({ ...local.options, admin: undefined });
    const known = scene({ hasAdmin: true });
    await inviteFirst({ ...known.options, admin: undefined });
    await inviteFirst({ ...known.options, admin });
    expect([local.lines, known.lines, known.accepted]).toEqual([[], [], []]);
    expect(isReachable({ localAdmin: true, host: '127.0.0.1' })).toBe(true);
    expect(isReachable({ localAdmin: false, host: '127.0.0.1' })).toBe(false);
    expect(isReachable({ localAdmin: true, host: '0.0.0.0' })).toBe(false);
  });

  it('is made from the environment, without a session that stays or a password in the log', async () => {
    const { options, lines, ended, accepted, written } = scene({ reachable: true });
    await inviteFirst({ ...options, admin });
    expect(accepted).toEqual([{ secret: 'S3CRET', name: 'Admin', ...admin }]);
    expect(ended).toEqual(['p1 s1']);
    expect(written).toEqual([expect.objectContaining({ actor: 'engine', action: 'makeFirstAccount' })]);
    expect(JSON.stringify(written)).not.toContain(admin.password);
    const refused = scene({ logsIn: false });
    await inviteFirst({ ...refused.options, admin });
    expect(refused.lines).toEqual(['The first account couldn’t be made.']);
    expect(lines).toEqual([expect.stringContaining('ada@example.com')]);
    expect(lines.join()).not.toContain(admin.password);
  });

  it('waits for a database that is away, and says when it can’t be made', async () => {
    const away = new PitwallError('storage_unavailable', 'Away.');
    const waiting = scene({ fails: [away, away] });
    await inviteFirst({ ...waiting.options, admin: undefined });
    expect(waiting.lines).toEqual([]);
    await waiting.timers.pass(10_000);
    expect(waiting.lines).toHaveLength(1);
    const broken = scene({ fails: [new Error('broken')] });
    await inviteFirst({ ...broken.options, admin: undefined });
    expect(broken.lines).toEqual(['The first account couldn’t be made.']);
  });
});
