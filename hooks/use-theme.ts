'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { THEME_KEY } from './theme-key';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const CHANGED = 'pitwall:theme';
const DARK = '(prefers-color-scheme: dark)';

function read(): Theme {
  try {
    return THEMES.find((theme) => theme === window.localStorage.getItem(THEME_KEY)) ?? 'system';
  } catch {
    return 'system'; // storage is off: the system decides
  }
}

function apply(): void {
  const theme = read();
  const dark = theme === 'dark' || (theme === 'system' && window.matchMedia(DARK).matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

function subscribe(listener: () => void): () => void {
  const system = window.matchMedia(DARK);
  const changed = () => {
    apply();
    listener();
  };
  system.addEventListener('change', changed);
  window.addEventListener('storage', changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    system.removeEventListener('change', changed);
    window.removeEventListener('storage', changed);
    window.removeEventListener(CHANGED, changed);
  };
}

/** The theme after this one: system, light, dark, and around. */
export const nextTheme = (theme: Theme): Theme => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';

/** The chosen theme, and the function that chooses another. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore<Theme>(subscribe, read, () => 'system');
  const choose = useCallback((following: Theme) => {
    try {
      window.localStorage.setItem(THEME_KEY, following);
    } catch {
      document.documentElement.dataset['theme'] = following === 'dark' ? 'dark' : 'light';
      return;
    }
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [theme, choose];
}
