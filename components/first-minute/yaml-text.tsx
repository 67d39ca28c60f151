'use client';

import { useEffect, useState } from 'react';
import { Check, Copy, Download } from 'lucide-react';
import { Button } from '@/components/ui/button';

/** A file to copy or to download. */
export function YamlText({ text, fileName }: { text: string; fileName: string }) {
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

  function download() {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = fileName;
    link.click();
    URL.revokeObjectURL(url);
  }

  return (
    <div>
      <pre
        tabIndex={0}
        aria-label={fileName}
        className="max-h-72 overflow-auto rounded-md border border-line bg-bg p-3 font-mono text-xs leading-[18px]"
      >
        {text}
      </pre>
      <div className="mt-2 flex gap-2">
        <Button onClick={copy}>
          {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          <span aria-live="polite">{copied ? 'Copied' : `Copy ${fileName}`}</span>
        </Button>
        <Button onClick={download}>
          <Download size={14} aria-hidden /> Download
        </Button>
      </div>
    </div>
  );
}
