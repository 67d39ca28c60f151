'use client';

import { Download } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { TextBlock } from '@/components/ui/text-block';

/** A file to copy or to download. */
export function YamlText({ text, fileName }: { text: string; fileName: string }) {
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
      <TextBlock label={fileName} text={text} />
      <div className="mt-2 flex gap-2">
        <CopyButton text={text} label={`Copy ${fileName}`} word={`Copy ${fileName}`} kind="plain" />
        <Button onClick={download}>
          <Download size={14} aria-hidden /> Download
        </Button>
      </div>
    </div>
  );
}
