'use client';

import { Button } from '@/components/ui/button';

/** The page itself broke: say so, keep a way on. Data that fails to load never comes here. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto max-w-md px-6 py-24" role="alert">
      <title>Broken page · Pitwall</title>
      <h1 className="text-xl font-medium">This page broke</h1>
      <p className="mt-2 text-text-2">
        The gateway isn’t affected. {error.digest === undefined ? error.message : `Reference ${error.digest}.`}
      </p>
      <Button onClick={reset} className="mt-4">
        Try again
      </Button>
    </main>
  );
}
