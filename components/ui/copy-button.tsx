'use client';

import { Check, Copy } from 'lucide-react';
import { useCopy } from '@/hooks/use-copy';
import { Button } from './button';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for who doesn't see what stands beside it. */
  readonly label: string;
  readonly word?: string;
  readonly kind?: 'plain' | 'quiet';
}

/** Copies a text; says so for 2 s. */
export function CopyButton({ text, label, word = 'Copy', kind = 'quiet' }: CopyButtonProps) {
  const { copied, copy } = useCopy(text);
  const Icon = copied ? Check : Copy;
  return (
    <Button kind={kind} onClick={() => void copy()} aria-label={label}>
      <Icon size={14} aria-hidden />
      <span aria-live="polite">{copied ? 'Copied' : word}</span>
    </Button>
  );
}
