import type { ReactNode } from 'react';
import { FirstMinute } from '@/components/first-minute/first-minute';
import { Shell } from '@/components/layout/shell';

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return <Shell firstMinute={<FirstMinute />}>{children}</Shell>;
}
