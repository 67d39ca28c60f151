import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../lib/contracts/policy.ts';
import { sampleConfig } from '../../../sample/service.ts';
import { createVisits } from '../../../sample/visit.ts';
import { seeded } from './seeded.ts';

const service = configSchema.parse(sampleConfig('http://127.0.0.1:9000')).services[0];

/** Whether a configured pattern takes the path: ":id" is one segment, a trailing "*" any rest. */
function takes(pattern: string, path: string): boolean {
  const expression = pattern.replace(/:[a-z]+/g, '[^/]+').replace(/\*$/, '.*');
  return new RegExp(`^${expression}$`).test(path);
}

describe('sample service', () => {
  it('is a valid configuration', () => {
    expect(service?.name).toBe('sample');
    expect(service?.targets[0]?.url).toBe('http://127.0.0.1:9000');
  });

  it('has a route for every visit that the traffic makes, and the traffic visits them all', () => {
    const next = createVisits({ random: seeded(3) });
    const seen = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const visit = next();
      const path = visit.path.split('?')[0] as string;
      const route = service?.routes?.find((r) => takes(r.path, path) && (r.methods?.includes(visit.method) ?? true));
      expect(route, `${visit.method} ${path}`).toBeDefined();
      seen.set(route?.name as string, (seen.get(route?.name as string) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(service?.routes?.map((route) => route.name).sort());
    expect(seen.get('chat-history')).toBeGreaterThan(9_000);
    expect(seen.get('analysis')).toBeLessThan(500);
    expect(seen.get('events')).toBeLessThan(200);
  });

  it('falls back to a plain visit when the draw hits the very end', () => {
    expect(createVisits({ random: () => 0.9999999999999999 })().path).toMatch(/^\/api\//);
  });
});
