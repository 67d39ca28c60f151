'use client';

import { useEffect, useRef } from 'react';

/** Whether the key belongs to what has the focus: typing, or a control that Space would press. */
function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]')) return true;
  return event.key === ' ' && Boolean(target?.closest('button, a, summary, [role="button"]'));
}

/** Page-wide keys, by `KeyboardEvent.key`. */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const run = latest.current[event.key];
      if (run === undefined || event.repeat || belongsElsewhere(event)) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
