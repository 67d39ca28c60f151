import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayControl, GatewayEvent } from '../../lib/contracts/control.ts';
import { eventually } from '../support/eventually.ts';
import { gatewayConfig } from '../support/gateway.ts';
import { ask } from '../support/raw-client.ts';
import { scriptedOrigin, type ScriptedOrigin } from '../support/scripted-origin.ts';

/** A gateway with service "s" in front of `originUrl`, and a control of it. */
export interface ControlledGateway {
  readonly control: GatewayControl;
  readonly port: number;
  /** Ends the gateway without a word to its control. */
  kill(): Promise<void>;
  /** Ends what is left at the control's end. */
  close?(): void;
}

/** What every GatewayControl keeps. */
export function gatewayControlSuite(name: string, start: (originUrl: string) => Promise<ControlledGateway>): void {
  describe(`gateway control: ${name}`, () => {
    let origin: ScriptedOrigin;
    let gateway: ControlledGateway;
    let control: GatewayControl;

    beforeEach(async () => {
      origin = await scriptedOrigin();
      gateway = await start(origin.url);
      control = gateway.control;
    });

    afterEach(async () => {
      await gateway.kill();
      gateway.close?.();
      await origin.close();
    });

    it('gives snapshots whose counters grow', async () => {
      const before = await control.snapshot();
      expect(before).toMatchObject({ worker: 0, services: [{ service: 's', mode: 'cache' }], inFlight: 0 });
      await ask(gateway.port, '/');
      const after = await control.snapshot();
      expect(after.at).toBeGreaterThanOrEqual(before.at);
      expect(after.services[0]?.routes[0]?.results.origin).toBe(1);
      expect(after.services[0]?.routes[0]?.missLatency).toHaveLength(2);
    });

    it('resolves a command when it has taken effect', async () => {
      await ask(gateway.port, '/');
      await control.command({ type: 'set-mode', service: 's', mode: 'bypass', reason: 'test', until: undefined });
      expect((await ask(gateway.port, '/')).text).toBe('answer 2');
      await control.command({ type: 'set-mode', service: 's', mode: 'cache', reason: 'test', until: undefined });
      expect((await ask(gateway.port, '/')).text).toBe('answer 1');
      await control.command({ type: 'hold-breaker', service: 's', target: origin.url, hold: 'open' });
      expect((await ask(gateway.port, '/cold')).status).toBe(503);
      await control.command({ type: 'configure', config: gatewayConfig(origin.url, { service: { name: 'renamed' } }) });
      expect((await control.snapshot()).services.map(({ service }) => service)).toEqual(['renamed']);
      await control.command({ type: 'reopen-log' });
    });

    it('follows the clear log, and tells and forgets what an unsafe request has changed', async () => {
      await control.command({ type: 'follow-clears', number: 0 });
      const changed: { key: string; url: string }[] = [];
      control.subscribe('invalidated', (event) => event.type === 'invalidated' && changed.push(event));
      await control.snapshot();
      await ask(gateway.port, '/seen', { method: 'POST' });
      const { key, url } = await eventually(() => {
        expect(changed).toMatchObject([{ url: `http://127.0.0.1:${gateway.port}/seen` }]);
        return changed[0] as { key: string; url: string };
      });
      expect((await ask(gateway.port, '/seen')).text).toBe('answer 2');
      await control.command({ type: 'forget', key: `${key} `, url: `${url}/other` });
      expect((await ask(gateway.port, '/seen')).text).toBe('answer 2');
      await control.command({ type: 'forget', key, url });
      expect((await ask(gateway.port, '/seen')).text).toBe('answer 3');
    });

    it('has in a snapshot how far the clears have been followed, and each level’s kind', async () => {
      const snapshot = await control.snapshot();
      expect(snapshot.clears).toMatchObject({ number: 0, state: 'confirmed', folded: 0 });
      expect(snapshot.levels.map(({ level, kind, state }) => [level, kind, state])).toEqual([
        ['l1', 'memory', 'ok'],
        ['l2', 'memory', 'ok'],
      ]);
    });

    it('has the top keys in a snapshot that asks for them', async () => {
      expect(await control.snapshot()).not.toHaveProperty('keys');
      for (const path of ['/a', '/b', '/b']) await ask(gateway.port, path);
      const { keys } = await control.snapshot({ keys: { top: 1, hours: 1 } });
      expect(keys).toMatchObject({ asked: [{ service: 's', route: '*', count: 2, error: 0 }], missed: [{ count: 1 }] });
      expect(keys?.asked[0]?.key).toContain(`GET http://127.0.0.1:${gateway.port}/b `);
      expect(keys?.unlisted).toEqual({ asked: 1, missed: 1 });
    });

    it('tells several listeners of one worker apart by topic', async () => {
      const seen: string[] = [];
      for (const topic of ['level', 'invalidated', 'mode'] as const) {
        control.subscribe(topic, (event) => seen.push(`${topic} ${event.type}`));
      }
      await control.snapshot();
      await ask(gateway.port, '/changed', { method: 'POST' });
      await control.command({ type: 'set-mode', service: 's', mode: 'observe', reason: 'test', until: undefined });
      await eventually(() => expect(seen).toEqual(['invalidated invalidated', 'mode mode']));
    });

    it('rejects a command with the reason why not', async () => {
      const command = { type: 'set-mode', service: 'nobody', mode: 'cache', reason: '', until: undefined } as const;
      await expect(control.command(command)).rejects.toMatchObject({
        code: 'not_found',
        message: 'There is no service named nobody.',
      });
    });

    it('answers calls that are made together, each with its own', async () => {
      const command = { type: 'reopen-log' } as const;
      const [one, nothing, other] = await Promise.all([
        control.snapshot(),
        control.command(command),
        control.snapshot(),
      ]);
      expect([one.url, nothing, other.url]).toEqual([one.url, undefined, one.url]);
    });

    it('tells events to those who subscribed, until they unsubscribe', async () => {
      const first: GatewayEvent[] = [];
      const second: GatewayEvent[] = [];
      const endFirst = control.subscribe('mode', (event) => first.push(event));
      const endSecond = control.subscribe('mode', (event) => second.push(event));
      const set = (mode: 'cache' | 'bypass'): Promise<void> =>
        control.command({ type: 'set-mode', service: 's', mode, reason: 'test', until: undefined });
      await set('bypass');
      await eventually(() => expect([first.length, second.length]).toEqual([1, 1]));
      expect(first[0]).toMatchObject({ type: 'mode', service: 's', from: 'cache', to: 'bypass', why: 'test' });
      endFirst();
      endFirst();
      await set('cache');
      await eventually(() => expect(second).toHaveLength(2));
      endSecond();
      await set('bypass');
      await control.snapshot();
      expect([first.length, second.length]).toEqual([1, 2]);
    });

    it('tells breaker moves', async () => {
      const moves: GatewayEvent[] = [];
      control.subscribe('breaker', (event) => moves.push(event));
      await control.command({ type: 'hold-breaker', service: 's', target: origin.url, hold: 'open' });
      await eventually(() =>
        expect(moves).toMatchObject([{ from: 'closed', to: 'held-open', service: 's', target: origin.url }]),
      );
    });

    it('tells requests while somebody listens', async () => {
      const paths: string[] = [];
      const end = control.subscribe('requests', (event) => {
        if (event.type === 'requests') for (const record of event.records) paths.push(record.path);
      });
      await control.snapshot();
      await ask(gateway.port, '/one');
      await eventually(() => expect(paths).toEqual(['/one']));
      end();
      await control.snapshot();
      await ask(gateway.port, '/two');
      const again = control.subscribe('requests', (event) => {
        if (event.type === 'requests') for (const record of event.records) paths.push(record.path);
      });
      await control.snapshot();
      await ask(gateway.port, '/three');
      await eventually(() => expect(paths).toEqual(['/one', '/three']));
      again();
    });

    it('rejects with gateway_unavailable once the gateway is gone, and what was asked before too', async () => {
      const asked = control.snapshot().then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
      await gateway.kill();
      expect(['answered', 'gateway_unavailable']).toContain(await asked);
      await eventually(async () =>
        expect(await control.snapshot().catch((error: { code: string }) => error.code)).toBe('gateway_unavailable'),
      );
      await expect(control.command({ type: 'reopen-log' })).rejects.toMatchObject({ code: 'gateway_unavailable' });
      control.subscribe('mode', () => undefined)();
    });
  });
}
