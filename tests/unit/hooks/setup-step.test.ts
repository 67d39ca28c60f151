import { expect, test } from 'vitest';
import { parseSetupStep, SETUP_STEPS } from '@/hooks/use-setup-step';

test('a step is read from the fragment; what it doesn’t know is none', () => {
  for (const step of SETUP_STEPS) expect(parseSetupStep(`#setup=${step}`)).toBe(step);
  for (const hash of ['', '#', '#content', '#setup', '#setup=', '#setup=nonsense', 'setup=url']) {
    expect(parseSetupStep(hash)).toBeNull();
  }
});
