'use client';

import { createContext, useContext, useEffect, useRef } from 'react';
import type { Command, Commands } from './commands';

/** The commands of this page; one table per console, set by the providers. */
export const CommandsContext = createContext<Commands | null>(null);

/** @throws outside a CommandsContext */
export function useCommandTable(): Commands {
  const commands = useContext(CommandsContext);
  if (commands === null) throw new Error('useCommandTable needs a CommandsContext above it');
  return commands;
}

/** Offers these commands for as long as the component is there. */
export function useCommands(offered: readonly Command[]): void {
  const commands = useCommandTable();
  const latest = useRef(offered);
  useEffect(() => {
    latest.current = offered;
  });
  useEffect(() => commands.register(() => latest.current), [commands]);
}
