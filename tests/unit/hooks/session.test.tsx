// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { GuardedButton } from '@/components/ui/guarded-button';
import { createInFlight } from '@/hooks/in-flight';
import { InFlightContext } from '@/hooks/use-request-deduplication';

function Providers({ children }: { children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return (
    <QueryClientProvider client={client}>
      <InFlightContext value={createInFlight()}>{children}</InFlightContext>
    </QueryClientProvider>
  );
}

const session = (permissions: readonly string[]) =>
  vi.fn(async () => Response.json({ actor: { kind: 'local' }, permissions }));

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('what one may not do is there, does nothing, and says which role it needs', async () => {
  vi.stubGlobal('fetch', session(['look']));
  const press = vi.fn();
  render(
    <GuardedButton needs="clear" onClick={press}>
      Clear
    </GuardedButton>,
    { wrapper: Providers },
  );
  const button = screen.getByRole('button', { name: 'Clear' });
  await waitFor(() => expect(button.title).toBe('Needs the role operator'));
  const refusing = screen.getByRole('button', { name: 'Clear' });
  expect(refusing.getAttribute('aria-disabled')).toBe('true');
  expect(document.getElementById(refusing.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
    'Needs the role operator',
  );
  fireEvent.click(refusing);
  expect(press).not.toHaveBeenCalled();
});

test.each([
  ['allowed', session(['clear'])],
  ['unknown, which the server decides', vi.fn(async () => new Response('{}', { status: 503 }))],
])('what is %s can be pressed', async (_what, fetch) => {
  vi.stubGlobal('fetch', fetch);
  const press = vi.fn();
  render(
    <GuardedButton needs="clear" onClick={press}>
      Clear
    </GuardedButton>,
    { wrapper: Providers },
  );
  await waitFor(() => expect(fetch).toHaveBeenCalled());
  fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
  expect(press).toHaveBeenCalledTimes(1);
});
