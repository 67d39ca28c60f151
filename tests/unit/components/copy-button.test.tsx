// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CopyButton } from '@/components/ui/copy-button';

const press = async () => {
  await act(async () => {
    screen.getByRole('button', { name: 'Copy the command' }).click();
    await Promise.resolve();
  });
};
const says = (): string => screen.getByRole('button').textContent;
const clipboard = (value: unknown) => Object.defineProperty(navigator, 'clipboard', { value, configurable: true });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  clipboard(undefined);
});

test('copies, and says so for 2 s', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  clipboard({ writeText });
  render(<CopyButton text="npm start" label="Copy the command" />);
  expect(says()).toBe('Copy');
  await press();
  expect(writeText).toHaveBeenCalledWith('npm start');
  expect(says()).toBe('Copied');
  act(() => void vi.advanceTimersByTime(1_999));
  expect(says()).toBe('Copied');
  act(() => void vi.advanceTimersByTime(1));
  expect(says()).toBe('Copy');
});

test.each([
  ['refuses', { writeText: () => Promise.reject(new Error('denied')) }],
  ['has no clipboard, as without TLS', undefined],
])('claims nothing where the browser %s', async (_why, value) => {
  clipboard(value);
  render(<CopyButton text="npm start" label="Copy the command" />);
  await press();
  expect(says()).toBe('Copy');
});
