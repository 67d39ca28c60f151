import { describe, expect, it } from 'vitest';
import { createClearLog } from '../../../lib/cache/clear-log.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import { createLookout, FOLDED_SAID_MS } from '../../../lib/gateway/lookout.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';

function setup() {
  const clock = manualClock();
  const warned: string[] = [];
  const clearLog = createClearLog({ maxNames: 2, maxPatterns: 2 });
  const source = createMemoryClears();
  async function clear(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await source.append({ scope: { key: `http://a.test/${crypto.randomUUID()}` }, mode: 'soft' });
    }
    for (const slice of clearLog.apply(await source.since(clearLog.head))) expect(slice).toBeUndefined();
  }
  const lookout = () =>
    createLookout({ clock, clearLog, logger: { ...silentLogger, warn: (message) => warned.push(message) } });
  return { clock, warned, clear, lookout };
}

describe('folded clears', () => {
  it('are said once they are more, at most once a minute', async () => {
    const { clock, warned, clear, lookout } = setup();
    await clear(3);
    const lookOut = lookout();
    lookOut();
    expect(warned).toEqual([]);
    await clear(1);
    lookOut();
    expect(warned).toEqual([expect.stringContaining('(gateway.clears)')]);
    await clear(1);
    clock.advance(FOLDED_SAID_MS - 1);
    lookOut();
    expect(warned).toHaveLength(1);
    clock.advance(1);
    lookOut();
    lookOut();
    expect(warned).toHaveLength(2);
  });
});
