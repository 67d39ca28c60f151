// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { THEME_KEY } from '@/hooks/theme-key';
import { useStored } from '@/hooks/use-stored';
import { nextTheme, useTheme } from '@/hooks/use-theme';

let dark: boolean;
let systemChanged: () => void;

beforeEach(() => {
  dark = false;
  vi.stubGlobal('matchMedia', () => ({
    get matches() {
      return dark;
    },
    addEventListener: (_: string, listener: () => void) => (systemChanged = listener),
    removeEventListener: () => undefined,
  }));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
});

const shown = () => document.documentElement.dataset['theme'];

test('the document follows what is chosen, and the system where that decides', () => {
  const { result } = renderHook(() => useTheme());
  expect([result.current[0], shown()]).toEqual(['system', 'light']);
  dark = true;
  systemChanged();
  expect(shown()).toBe('dark');
  act(() => result.current[1](nextTheme('system')));
  expect([result.current[0], shown(), localStorage.getItem(THEME_KEY)]).toEqual(['light', 'light', 'light']);
});

test('what another tab chooses holds here too; nonsense is the system', () => {
  const { result } = renderHook(() => useTheme());
  localStorage.setItem(THEME_KEY, 'dark');
  act(() => void window.dispatchEvent(new StorageEvent('storage')));
  expect([result.current[0], shown()]).toEqual(['dark', 'dark']);
  localStorage.setItem(THEME_KEY, 'purple');
  act(() => void window.dispatchEvent(new StorageEvent('storage')));
  expect([result.current[0], shown()]).toEqual(['system', 'light']);
});

test('where the browser stores nothing, a choice holds as long as the page', () => {
  const setItem = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  const { result } = renderHook(() => useTheme());
  act(() => result.current[1]('dark'));
  expect([result.current[0], shown(), localStorage.getItem(THEME_KEY)]).toEqual(['dark', 'dark', null]);
  expect(renderHook(() => useStored(THEME_KEY)).result.current[0]).toBe('dark');
  // It has room again.
  setItem.mockRestore();
  act(() => result.current[1]('light'));
  expect([shown(), localStorage.getItem(THEME_KEY)]).toEqual(['light', 'light']);
});
