import { describe, expect, it } from 'vitest';
import { createFleet } from '../../../lib/container/fleet.ts';
import type { Gateways } from '../../../lib/container/gateways.ts';
import type { GatewayCommand, GatewayControl, GatewayEvent, GatewaySnapshot } from '../../../lib/contracts/control.ts';
import type { RegisteredInstance } from '../../../lib/gateway/control-registry.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import type { Teller } from '../../../lib/live/tellers.ts';

const MODE = { type: 'set-mode', service: 's', mode: 'bypass', reason: 'r', until: undefined } as const;
const REQUESTS: GatewayEvent = { type: 'requests', records: [], dropped: 0 };

/** A control that counts who listens, and fails on demand. */
function control(instance: string, worker: number, failure?: PitwallError) {
  const commands: GatewayCommand[] = [];
  const listeners = new Set<(event: GatewayEvent) => void>();
  const made: GatewayControl = {
    snapshot: () =>
      failure === undefined ? Promise.resolve({ instance, worker } as GatewaySnapshot) : Promise.reject(failure),
    command(command) {
      commands.push(command);
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
    subscribe(_topic, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { ...made, commands, listeners };
}

function scene({ withLocal = true, withRemote = true, draining = false } = {}) {
  const own = [control('me', 0), control('me', 1)];
  const all = control('me', -1);
  const remotes = new Map<string, ReturnType<typeof control>>();
  const registered: RegisteredInstance[] = [];
  const kept: GatewayCommand[] = [];
  const gone = new PitwallError('gateway_unavailable', 'gone');
  const remoteOf = (instance: string, worker: number): ReturnType<typeof control> => {
    const name = `${instance}/${worker}`;
    const known = remotes.get(name) ?? control(instance, worker, instance === 'dead' ? gone : undefined);
    remotes.set(name, known);
    return known;
  };
  const fleet = createFleet({
    local: withLocal ? ({ ...all, controls: own } as unknown as Gateways) : undefined,
    remote: withRemote
      ? {
          instances: () => registered,
          control: remoteOf,
          command: (instance, command) => remoteOf(instance, -1).command(command),
          keepMode(mode) {
            kept.push(mode);
            return Promise.reject(gone);
          },
        }
      : undefined,
    instance: 'me',
    id: 'my-life',
    draining: () => draining,
    after: () => () => undefined,
  });
  const register = (
    instance: string,
    workers: number,
    id = instance,
    given: Partial<RegisteredInstance> = {},
  ): void => {
    const info = { url: undefined, configError: null, draining: false, alive: true };
    registered.push({ instance, id, workers, ...info, ...given });
  };
  return { fleet, own, all, remotes, registered, register, kept };
}

describe('the fleet', () => {
  it('is asked as one: this process first, without itself again, consoles and those that fail', async () => {
    const { fleet, register } = scene();
    register('me', 2, 'my-life');
    register('board', 0);
    register('dead', 1);
    register('other', 2);
    const snapshots = await fleet.snapshots(1_000);
    expect(snapshots.map(({ instance, worker }) => `${instance}/${worker}`)).toEqual([
      'me/0',
      'me/1',
      'other/0',
      'other/1',
    ]);
    expect(fleet.others().map(({ instance }) => instance)).toEqual(['dead', 'other']);
  });

  it('expects an answer of all that are on the list, dead or alive, but not of those that are about to end', () => {
    const { fleet, register } = scene();
    register('me', 2, 'my-life');
    register('board', 0);
    register('dead', 1, 'd', { alive: false });
    register('ending', 3, 'e', { draining: true });
    expect(fleet.expected()).toMatchObject([
      { instance: 'me', workers: 2 },
      { instance: 'dead', workers: 1 },
    ]);
    expect(fleet.others().map(({ instance }) => instance)).toContain('ending');
    expect(scene({ draining: true }).fleet.expected()).toEqual([]);
    expect(scene({ withLocal: false }).fleet.expected()).toEqual([]);
  });

  it('is commanded instance by instance or worker by worker, and says who didn’t take it', async () => {
    const { fleet, own, all, remotes, register, kept } = scene();
    register('dead', 1);
    register('other', 2);
    const taken = await fleet.command(MODE);
    expect(taken.map(({ instance, worker, error }) => [instance, worker, error?.code])).toEqual([
      ['me', undefined, undefined],
      ['dead', undefined, 'gateway_unavailable'],
      ['other', undefined, undefined],
    ]);
    expect(kept).toEqual([MODE]);
    expect([all.commands, own[0]?.commands]).toEqual([[MODE], []]);
    const each = await fleet.commandWorkers({ type: 'follow-clears', number: 1 });
    expect(each.map(({ instance, worker, error }) => [instance, worker, error?.code])).toEqual([
      ['me', 0, undefined],
      ['me', 1, undefined],
      ['dead', 0, 'gateway_unavailable'],
      ['other', 0, undefined],
      ['other', 1, undefined],
    ]);
    expect(remotes.get('other/1')?.commands).toEqual([{ type: 'follow-clears', number: 1 }]);
    await fleet.command({ type: 'reopen-log' });
    expect(kept).toHaveLength(1);
  });

  it('is listened to wherever it runs, through instances that come and go', () => {
    const { fleet, own, remotes, register, registered } = scene();
    const tellers: Teller[] = [];
    const listening = () => [...own, ...remotes.values()].map(({ listeners }) => listeners.size);
    register('other', 1);
    fleet.follow();
    const end = fleet.subscribe('requests', (_, from) => tellers.push(from));
    expect(listening()).toEqual([1, 1, 1]);
    register('new', 1);
    fleet.follow();
    fleet.follow();
    expect(remotes.get('new/0')?.listeners.size).toBe(1);
    for (const { listeners } of [...own, ...remotes.values()]) for (const listener of listeners) listener(REQUESTS);
    expect(tellers).toEqual([
      { instance: 'me', worker: 0, workers: 4 },
      { instance: 'me', worker: 1, workers: 4 },
      { instance: 'other', worker: 0, workers: 4 },
      { instance: 'new', worker: 0, workers: 4 },
    ]);
    registered.splice(0, 1);
    fleet.follow();
    expect(listening()).toEqual([1, 1, 0, 1]);
    end();
    expect(listening()).toEqual([0, 0, 0, 0]);
  });

  it('may be this process alone, or others alone', async () => {
    const alone = scene({ withRemote: false });
    expect((await alone.fleet.snapshots(1_000)).map(({ worker }) => worker)).toEqual([0, 1]);
    expect(await alone.fleet.command(MODE)).toHaveLength(1);
    expect(alone.fleet.others()).toEqual([]);
    const others = scene({ withLocal: false });
    others.register('other', 1);
    expect((await others.fleet.snapshots(1_000)).map(({ instance }) => instance)).toEqual(['other']);
    expect(await others.fleet.command(MODE)).toMatchObject([{ instance: 'other', error: undefined }]);
    const end = others.fleet.subscribe('requests', () => undefined);
    expect(others.remotes.get('other/0')?.listeners.size).toBe(1);
    end();
  });
});
