import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { headers } from 'next/headers';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import { Providers } from '@/components/layout/providers';
import { ThemeScript } from '@/components/layout/theme-script';
import './globals.css';

export const metadata: Metadata = {
  description: 'What the gateway answers, what it spares the origin, and what needs you.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fcfcfc' },
    { media: '(prefers-color-scheme: dark)', color: '#0b0b0c' },
  ],
};

/**
 * The document. The theme is set before the first paint, hence suppressHydrationWarning on the root alone. Reading the
 * nonce makes each page one answer's own: no script runs but those that were written for it.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <head>
        <ThemeScript nonce={nonceIn((await headers()).get('content-security-policy'))} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}

/** The nonce of a policy that lib/http/security-headers has made. */
function nonceIn(policy: string | null): string | undefined {
  return /'nonce-([^']+)'/.exec(policy ?? '')?.[1];
}
