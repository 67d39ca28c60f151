'use client';

import { useEffect } from 'react';
import { THEME_KEY } from './theme-key';
import { readStored, useStored } from './use-stored';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const DARK = '(prefers-color-scheme: dark)';

const themeOf = (stored: string | null): Theme => THEMES.find((theme) => theme === stored) ?? 'system';

/** The theme after this one: system, light, dark, and around. */
export const nextTheme = (theme: Theme): Theme => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';

/** The chosen theme, and the function that chooses another; the document follows it, and the system where that decides. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [stored, store] = useStored(THEME_KEY);
  const theme = themeOf(stored);
  useEffect(() => {
    const system = window.matchMedia(DARK);
    const apply = () => {
      // Not `theme`: while a page comes to life that isn't what is stored.
      const chosen = themeOf(readStored(THEME_KEY));
      const dark = chosen === 'dark' || (chosen === 'system' && system.matches);
      document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    };
    apply();
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [theme]);
  return [theme, store];
}
