'use client';

import { useState } from 'react';
import Link from 'next/link';
import { CircleUser, Laptop, LogOut } from 'lucide-react';
import { Popover } from 'radix-ui';
import { Button } from '@/components/ui/button';
import { useSession } from '@/hooks/use-session';
import { actorName, actorRole, AT_THIS_MACHINE } from './actor-words';

/** Who one is, what that means, and the way out. Nothing before it's known. */
export function AccountButton({ onSignOut }: { onSignOut: () => void }) {
  const [open, setOpen] = useState(false);
  const { actor } = useSession();
  if (actor === undefined) return null;
  const name = actorName(actor);
  const Icon = actor.kind === 'local' ? Laptop : CircleUser;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button kind="quiet" aria-label={`Account: ${name}`} title={`${name}, ${actorRole(actor)}`}>
          <Icon size={16} aria-hidden />
          <span className="max-w-32 truncate max-xl:hidden">{name}</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label="Account"
          align="end"
          sideOffset={6}
          collisionPadding={16}
          className="appear z-30 w-72 rounded-lg border border-line-strong bg-raised p-4 shadow-2xl"
        >
          <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
          {actor.kind === 'local' ? (
            <p className="mt-1 text-text-2">{AT_THIS_MACHINE}</p>
          ) : (
            <>
              {actor.kind === 'person' && <p className="text-text-2 [overflow-wrap:anywhere]">{actor.email}</p>}
              <p className="mt-1 text-text-2">
                Role: <span className="font-medium text-text">{actorRole(actor)}</span>
              </p>
              <div className="mt-3 flex items-center justify-between gap-3 border-t border-line pt-3">
                <Link
                  href="/settings?tab=sessions"
                  prefetch={false}
                  onClick={() => setOpen(false)}
                  className="text-accent underline underline-offset-2"
                >
                  Your sessions
                </Link>
                <Button onClick={onSignOut}>
                  <LogOut size={14} aria-hidden />
                  Log out
                </Button>
              </div>
            </>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
