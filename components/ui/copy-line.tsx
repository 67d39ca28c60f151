'use client';

import { useEffect, useState } from 'react';
import { Check, Copy } from 'lucide-react';
import { Button } from './button';
import { classes } from './classes';

/** A command to copy as it stands. @param wrap shows all of a long one, on several lines */
export function CopyLine({ text, wrap = false }: { text: string; wrap?: boolean }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false); // the browser refuses: the text is there to select
    }
  }

  return (
    <div className="flex items-center gap-2 rounded-md border border-line bg-bg py-1 pr-1 pl-3">
      <code
        tabIndex={0}
        className={classes(
          'min-w-0 flex-1 py-1 font-mono text-xs select-all',
          wrap ? '[overflow-wrap:anywhere]' : 'overflow-x-auto whitespace-nowrap',
        )}
      >
        {text}
      </code>
      <Button kind="quiet" onClick={copy} aria-label={`Copy ${text}`}>
        {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </Button>
    </div>
  );
}
