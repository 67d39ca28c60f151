'use client';

import { useEffect, useRef, useState } from 'react';
import { keyOf, type Command, type Commands } from './commands';

/** ms for which the first key of two ("g p") waits for the second. */
export const SECOND_KEY_MS = 2_500;

/** Whether a plain key belongs to what has the focus: typing, or a control that Space would press. */
function belongsElsewhere(event: KeyboardEvent, key: string): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]')) return true;
  return key === 'Space' && Boolean(target?.closest('button, a, summary, [role="button"]'));
}

/** Whether a dialog is open: its keys are its own. */
const busy = (): boolean => document.querySelector('[role="dialog"][data-modal]') !== null;

/**
 * Page-wide keys, as the table of commands has them. Plain keys count only while `plain` is on; those with Ctrl or
 * Cmd always, even while typing.
 * @param onRefused a key was pressed whose command whoever asks may not run; give the same function each time
 * @returns the first key of a pair while the second is waited for, else null
 */
export function useShortcuts(
  commands: Commands,
  plain: boolean,
  onRefused?: (command: Command) => void,
): string | null {
  const [pending, setPending] = useState<string | null>(null);
  const first = useRef<string | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waitFor = (key: string | null) => {
      clearTimeout(timer);
      first.current = key;
      setPending(key);
      if (key !== null) timer = setTimeout(() => waitFor(null), SECOND_KEY_MS);
    };
    const pressed = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (key === null || event.repeat || event.isComposing || event.defaultPrevented) return;
      const before = first.current;
      if (before !== null) waitFor(null);
      if (busy()) return;
      if (!key.startsWith('Mod+') && (!plain || belongsElsewhere(event, key))) return;

      const keys = before === null ? key : `${before} ${key}`;
      const all = commands.list().filter(({ run }) => run !== undefined);
      const command = all.find((each) => each.keys?.includes(keys));
      const begins = all.some((each) => each.keys?.some((pair) => pair.startsWith(`${keys} `)));
      if (command === undefined && !begins && before === null) return;
      // The second key of a pair that nobody has ends the pair, and does nothing else.
      event.preventDefault();
      if (command?.run !== undefined && typeof command.refused === 'string') onRefused?.(command);
      else if (command?.run !== undefined) command.run();
      else if (begins) waitFor(key);
    };
    window.addEventListener('keydown', pressed);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', pressed);
    };
  }, [commands, plain, onRefused]);
  return pending;
}
