'use client';

import { useRouter } from 'next/navigation';
import type { ClearDraft } from '@/hooks/clear-draft';
import type { Command } from '@/hooks/commands';
import { useCommands } from '@/hooks/use-commands';
import { useSession } from '@/hooks/use-session';
import { useSignOut } from '@/hooks/use-sign-out';
import { nextTheme, THEMES, type Theme } from '@/hooks/use-theme';
import { useToasts } from '@/hooks/use-toasts';
import { PAGES } from './pages';

interface ShellCommands {
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly onHelp: () => void;
  readonly onPalette: (kind: 'palette' | 'search') => void;
  readonly onClear: (draft: ClearDraft) => void;
}

/** The commands of the frame, there on every page. Parts of the frame and pages offer their own. */
export function useShellCommands(options: ShellCommands): void {
  const { theme, onTheme, onHelp, onPalette, onClear } = options;
  const router = useRouter();
  const toasts = useToasts();
  const { actor, refusal } = useSession();
  const signOut = useSignOut();

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(window.location.href);
      toasts.show({ tone: 'good', title: 'Link copied', detail: 'It shows what you see.' });
    } catch {
      toasts.show({ tone: 'bad', title: 'Not copied', detail: 'The browser refused: copy the address from its bar.' });
    }
  }

  const pages = PAGES.map(({ path, name, letter }): Command => ({
    id: `page ${path}`,
    group: 'Go to',
    title: name,
    words: 'page',
    keys: [`g ${letter}`],
    run: () => router.push(path + window.location.search),
  }));
  const themes = THEMES.map((each): Command => ({
    id: `theme ${each}`,
    group: 'Console',
    title: `Theme: ${each}`,
    words: 'appearance mode',
    run: () => onTheme(each),
  }));
  useCommands([
    {
      id: 'palette',
      group: 'Go to',
      title: 'Find or do anything',
      unlisted: true,
      keys: ['Mod+k'],
      run: () => onPalette('palette'),
    },
    { id: 'search', group: 'Go to', title: 'Search', unlisted: true, keys: ['/'], run: () => onPalette('search') },
    ...pages,
    {
      id: 'clear',
      group: 'Act',
      title: 'Clear a URL, tag or prefix…',
      words: 'purge delete invalidate stale service everything pattern',
      keys: ['c'],
      run: () => onClear({ kind: 'key', text: '', service: '' }),
      refused: refusal('clear'),
    },
    {
      id: 'clear tag',
      group: 'Act',
      title: 'Clear tag…',
      words: 'purge delete invalidate stale',
      run: () => onClear({ kind: 'tag', text: '', service: '' }),
      refused: refusal('clear'),
    },
    {
      id: 'copy link',
      group: 'Console',
      title: 'Copy link to this view',
      words: 'share url',
      keys: ['y'],
      run: () => void copyLink(),
    },
    {
      id: 'theme',
      group: 'Console',
      title: 'Next theme',
      words: 'light dark',
      keys: ['t'],
      run: () => onTheme(nextTheme(theme)),
    },
    ...themes,
    ...(actor?.kind === 'person'
      ? [{ id: 'sign out', group: 'Console', title: 'Sign out', words: 'log out leave', run: signOut } as const]
      : []),
    { id: 'help', group: 'Console', title: 'Keyboard help', words: 'shortcuts keys', keys: ['?'], run: onHelp },
    { id: 'close', group: 'Console', title: 'Close what is open', keys: ['Escape'] },
    { id: 'toasts', group: 'Console', title: 'To the notifications', keys: ['F8'] },
  ]);
}
