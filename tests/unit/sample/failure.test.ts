import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createFailureSwitch, failureSchema } from '../../../sample/failure.ts';

describe('failure switch', () => {
  it('fails for as long as it was told, only below the path', () => {
    const clock = manualClock();
    const failures = createFailureSwitch({ clock });
    expect(failures.modeFor('/api/me')).toBeUndefined();
    failures.fail({ seconds: 2, mode: 'hang', path: '/api' });
    expect(failures.modeFor('/api/me')).toBe('hang');
    expect(failures.modeFor('/static/app.js')).toBeUndefined();
    clock.advance(1_999);
    expect(failures.modeFor('/api/me')).toBe('hang');
    clock.advance(1);
    expect(failures.modeFor('/api/me')).toBeUndefined();
  });

  it('heals at once', () => {
    const failures = createFailureSwitch({ clock: manualClock() });
    failures.fail({ seconds: 3_600, mode: 'error', path: '/' });
    failures.heal();
    expect(failures.modeFor('/api/me')).toBeUndefined();
  });

  it('takes only what makes sense', () => {
    expect(failureSchema.parse({ seconds: 5 })).toEqual({ seconds: 5, mode: 'error', path: '/' });
    for (const wrong of [{}, { seconds: 0 }, { seconds: 1e9 }, { seconds: 1, mode: 'explode' }, { seconds: 1, x: 1 }]) {
      expect(failureSchema.safeParse(wrong).success).toBe(false);
    }
  });
});
