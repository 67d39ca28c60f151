'use client';

import { useRef, useState } from 'react';
import Link from 'next/link';
import { ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { Actor } from '@/lib/contracts/session';
import { classes } from '@/components/ui/classes';
import { actorName, actorRole } from './actor-words';
import { EnvironmentBadge } from './environment-badge';
import { PAGES } from './pages';

interface PageMenuProps {
  readonly path: string;
  /** Null before it's known. */
  readonly environment: string | null;
  /** Who one is; undefined until it's known. */
  readonly actor: Actor | undefined;
  readonly actions: readonly { readonly title: string; readonly run: () => void }[];
}

const ROW = 'flex h-11 w-full items-center gap-3 rounded-md px-3 text-left hover:bg-hover';

/** On a phone: the environment, and behind it the pages and what has no room in the bar. */
export function PageMenu({ path, environment, actor, actions }: PageMenuProps) {
  const [open, setOpen] = useState(false);
  /** Runs once the menu has given the focus back: what opens then takes it from there. */
  const chosen = useRef<(() => void) | null>(null);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="relative flex h-8 min-w-8 items-center gap-1 after:absolute after:inset-x-0 after:-inset-y-1.5">
        {environment === null ? (
          <span className="font-semibold tracking-tight">Pitwall</span>
        ) : (
          <EnvironmentBadge environment={environment} />
        )}
        <span className="sr-only">Menu</span>
        <ChevronDown size={14} aria-hidden className="shrink-0 text-text-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label="Menu"
          align="start"
          sideOffset={6}
          collisionPadding={16}
          onCloseAutoFocus={() => {
            chosen.current?.();
            chosen.current = null;
          }}
          className="appear z-30 w-56 rounded-lg border border-line-strong bg-raised p-1 shadow-2xl"
        >
          <nav aria-label="Pages">
            {PAGES.map((page) => {
              const Icon = page.icon;
              return (
                <Link
                  key={page.path}
                  href={page.path}
                  prefetch={page.prefetch ?? null}
                  aria-current={page.path === path ? 'page' : undefined}
                  onClick={() => setOpen(false)}
                  className={classes(ROW, page.path === path && 'font-medium')}
                >
                  <Icon size={14} aria-hidden className="text-text-3" />
                  {page.name}
                </Link>
              );
            })}
          </nav>
          <div className="mt-1 border-t border-line pt-1">
            {actor !== undefined && (
              <p className="px-3 py-2">
                <span className="block font-medium [overflow-wrap:anywhere]">{actorName(actor)}</span>
                <span className="text-text-2">
                  {actorRole(actor) + (actor.kind === 'local' ? ', without a log-in' : '')}
                </span>
              </p>
            )}
            {actions.map(({ title, run }) => (
              <button
                key={title}
                type="button"
                onClick={() => {
                  chosen.current = run;
                  setOpen(false);
                }}
                className={ROW}
              >
                {title}
              </button>
            ))}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
