import { afterEach, describe, expect, it } from 'vitest';
import type { FollowerState } from '../../../lib/cache/clear-follower.ts';
import { createClearLog } from '../../../lib/cache/clear-log.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { GatewayEvent, LevelSnapshot } from '../../../lib/contracts/control.ts';
import { createLookout, FOLDED_SAID_MS } from '../../../lib/gateway/lookout.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type TestGateway } from '../../support/gateway.ts';
import { sharedLevel } from '../../support/shared-level.ts';

function setup({ l3 = true } = {}) {
  const clock = manualClock();
  const said: string[] = [];
  const events: GatewayEvent[] = [];
  const clearLog = createClearLog({ maxNames: 2, maxPatterns: 2 });
  const source = createMemoryClears();
  const follower: { state: FollowerState } = { state: 'confirmed' };
  const level: { state: LevelSnapshot['state']; why: string | undefined } = { state: 'ok', why: undefined };
  async function clear(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await source.append({ scope: { key: `http://a.test/${crypto.randomUUID()}` }, mode: 'soft' });
    }
    for (const slice of clearLog.apply(await source.since(clearLog.head))) expect(slice).toBeUndefined();
  }
  const lookout = () =>
    createLookout({
      clock,
      clearLog,
      follower,
      persistent: l3 ? { health: () => ({ ...level, dropped: 0 }) } : undefined,
      logger: {
        ...silentLogger,
        warn: (message) => said.push(`warn: ${message}`),
        info: (message) => said.push(`info: ${message}`),
      },
      emit: (event) => events.push(event),
    });
  return { clock, said, events, follower, level, clear, lookout };
}

describe('folded clears', () => {
  it('are said once they are more, at most once a minute', async () => {
    const { clock, said, clear, lookout } = setup();
    await clear(3);
    const lookOut = lookout();
    lookOut();
    expect(said).toEqual([]);
    await clear(1);
    lookOut();
    expect(said).toEqual([expect.stringMatching(/^warn: .*\(gateway\.clears\)/)]);
    await clear(1);
    clock.advance(FOLDED_SAID_MS - 1);
    lookOut();
    expect(said).toHaveLength(1);
    clock.advance(1);
    lookOut();
    lookOut();
    expect(said).toHaveLength(2);
  });
});

describe('the state of L3', () => {
  it('is said and told once per change', () => {
    const { clock, said, events, level, lookout } = setup();
    const lookOut = lookout();
    lookOut();
    expect([said, events]).toEqual([[], []]);
    Object.assign(level, { state: 'degraded', why: 'The disk is full.' });
    lookOut();
    lookOut();
    const at = clock.wall();
    const event = { type: 'level', level: 'l3', at };
    expect(events).toEqual([{ ...event, from: 'ok', to: 'degraded', why: 'The disk is full.' }]);
    Object.assign(level, { state: 'off', why: undefined });
    lookOut();
    Object.assign(level, { state: 'ok' });
    lookOut();
    lookOut();
    const well = 'The clear log is followed, and L3 works, again.';
    expect(events.slice(1)).toEqual([
      { ...event, from: 'degraded', to: 'off', why: 'L3 is off.' },
      { ...event, from: 'off', to: 'ok', why: well },
    ]);
    expect(said).toEqual(['warn: The disk is full.', 'warn: L3 is off.', `info: ${well}`]);
  });

  it("is degraded while the clear log can't be followed", () => {
    const { said, events, follower, lookout } = setup();
    const lookOut = lookout();
    follower.state = 'unconfirmed';
    lookOut();
    lookOut();
    const why = "The clear log can't be read, so clears may be missing here; L3 is not read meanwhile.";
    expect(events).toMatchObject([{ from: 'ok', to: 'degraded', why }]);
    expect(said).toEqual([`warn: ${why}`]);
  });

  it("is no event where there's no L3, but the clear log is spoken of", () => {
    const { said, events, follower, lookout } = setup({ l3: false });
    const lookOut = lookout();
    follower.state = 'unconfirmed';
    lookOut();
    follower.state = 'confirmed';
    lookOut();
    expect(said).toEqual([
      "warn: The clear log can't be read, so clears may be missing here.",
      'info: The clear log is followed again.',
    ]);
    expect(events).toEqual([]);
  });
});

describe('a gateway', () => {
  let gateway: TestGateway | undefined;
  afterEach(() => gateway?.close());

  it('tells within a second or so that its L3 is degraded', async () => {
    const persistent = sharedLevel();
    gateway = await openGateway('http://127.0.0.1:1', { persistent });
    persistent.breakDown();
    const events = gateway.events;
    await eventually(() => expect(events).toMatchObject([{ type: 'level', from: 'ok', to: 'degraded' }]));
  });
});
