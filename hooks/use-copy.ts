import { useCallback, useEffect, useState } from 'react';

/** ms for which "Copied" stays. */
const STAYS = 2_000;

/** Copies a text to the clipboard, and for a while says that it did. A browser may refuse: then nothing is said, and the text is there to select. */
export function useCopy(text: string): { readonly copied: boolean; readonly copy: () => Promise<void> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), STAYS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = useCallback(async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  }, [text]);
  return { copied, copy };
}
