import { Monitor, Moon, Sun } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { Theme } from '@/hooks/use-theme';

const ICON = { system: Monitor, light: Sun, dark: Moon } as const;

/** Goes on from system to light to dark. */
export function ThemeToggle({ theme, onNext }: { theme: Theme; onNext: () => void }) {
  const Icon = ICON[theme];
  return (
    <Button
      kind="quiet"
      square
      onClick={onNext}
      aria-label={`Theme: ${theme}`}
      aria-keyshortcuts="t"
      title={`Theme: ${theme} (t)`}
    >
      <Icon size={16} aria-hidden />
    </Button>
  );
}
