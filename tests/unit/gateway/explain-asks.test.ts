import { describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { Explanation, ExplainStep } from '../../../lib/contracts/explain.ts';
import { gatewayScene } from '../../support/gateway-scene.ts';

/* What explain says that the origin is asked. */
const { origin, gateway, open, get } = gatewayScene();

async function explain(headers: readonly string[] = []): Promise<Explanation> {
  const { explained } = await gateway.gateway.snapshot({ explain: { method: 'GET', url: `${gateway.url}/`, headers } });
  if (explained === undefined || !('explanation' in explained)) throw new Error(JSON.stringify(explained));
  return explained.explanation;
}
const step = ({ steps }: Explanation, name: ExplainStep['step']): ExplainStep | undefined =>
  steps.find((candidate) => candidate.step === name);

describe('what explain says of the origin', () => {
  it('is a fetch where what is stored has no validators to be confirmed by', async () => {
    const clears = createMemoryClears();
    await open({ clears });
    origin.reply({ 'Cache-Control': 'max-age=86400', 'Cache-Tag': 'home' }, 'hello');
    await get();
    expect(step(await explain(), 'lifetime')?.says).toBe('Its freshness lifetime is 24 h.');
    const { number } = await clears.append({ scope: { tag: 'home' }, mode: 'soft' });
    await gateway.gateway.command({ type: 'follow-clears', number });
    const told = await explain();
    expect(told.decision).toEqual({ outcome: 'fetch', reason: 'cleared', level: 'l2' });
    expect(step(told, 'decision')).toEqual({
      step: 'decision',
      says: 'Fetched from the origin: what is stored has no validators that it could confirm.',
      because: { text: 'tag home', source: `clear ${number}` },
    });
    expect(step(told, 'origin')?.says).toBe(`Asks ${origin.url} for GET /, without conditions.`);
    expect((await get()).headers['cache-status']).toContain('fwd=stale; fwd-status=200');
  });

  it('has several ranges in it, with the conditions that go along', async () => {
    await open();
    const headers = ['Range', 'bytes=0-1,3-4', 'If-Range', '"a"'];
    const says = `Asks ${origin.url} for GET / with Range: bytes=0-1,3-4, If-Range: "a", as the request has it.`;
    expect(step(await explain(headers), 'origin')?.says).toBe(says);
    await gateway.setMode('observe');
    expect(step(await explain(headers), 'origin')?.says).toBe(says);
  });
});
