import { expect, it, vi } from 'vitest';

it.fails('fails on a console line', () => {
  console.log('nobody expected this');
  expect(true).toBe(true);
});

it('lets a test expect a line', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  console.warn('expected');
  expect(warn).toHaveBeenCalledWith('expected');
  warn.mockRestore();
});
