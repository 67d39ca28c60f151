// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createInFlight } from '@/hooks/in-flight';
import { createToasts, type Toasts } from '@/hooks/toasts';
import { useClear } from '@/hooks/use-clear';
import { InFlightContext } from '@/hooks/use-request-deduplication';
import { useSetMode } from '@/hooks/use-set-mode';
import { ToastsContext } from '@/hooks/use-toasts';
import type { ServiceState } from '@/lib/contracts/overview';
import { createFixtureJobs } from '../../support/console-jobs';

const NOW = 1_764_000_000_000;
const job = createFixtureJobs('busy', NOW).clear({ scope: { tag: 'chat:42' }, mode: 'soft' }, NOW);
const before: ServiceState = {
  service: 'chat',
  sample: false,
  mode: 'observe',
  modeReason: 'Comparing',
  modeUntil: NOW + 90_000,
  targets: [],
};

let toasts: Toasts;
let asked: { path: string; body: unknown }[];
/** What the API answers next: a status and a body. */
let answers: (readonly [number, unknown])[];

const Provider = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={new QueryClient()}>
    <InFlightContext value={createInFlight()}>
      <ToastsContext value={toasts}>{children}</ToastsContext>
    </InFlightContext>
  </QueryClientProvider>
);

beforeEach(() => {
  toasts = createToasts();
  asked = [];
  answers = [];
  vi.spyOn(Date, 'now').mockReturnValue(NOW);
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, body: JSON.parse(String(init.body)) as unknown });
    const [status, body] = answers.shift() ?? [500, {}];
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const newest = () => toasts.list().at(-1);
const press = async (label: string) => {
  expect(newest()?.action?.label).toBe(label);
  act(() => newest()?.action?.run());
  await waitFor(() => expect(answers).toEqual([]));
};
const refused = [
  409,
  { type: 'a', title: 'No', status: 409, detail: 'It was undone before.', code: 'conflict' },
] as const;

describe('a clear', () => {
  test('says so and can be undone; an undo that fails says why and can be tried again', async () => {
    const { result } = renderHook(() => useClear(), { wrapper: Provider });
    answers = [[200, job]];
    await act(async () => void (await result.current.send({ scope: { tag: 'chat:42' }, mode: 'soft' })));
    expect(newest()).toMatchObject({ tone: 'good', title: 'Marked stale', detail: 'tag chat:42' });
    answers = [refused];
    await press('Undo');
    await waitFor(() => expect(newest()).toMatchObject({ tone: 'bad', detail: 'It was undone before.' }));
    answers = [[200, job]];
    await press('Try again');
    await waitFor(() => expect(newest()).toMatchObject({ tone: 'good', title: 'Undone' }));
    expect(asked.map(({ path }) => path)).toEqual([
      '/api/cache/clear',
      ...Array<string>(2).fill(`/api/cache/clear/${job.id}/undo`),
    ]);
  });

  test('that is hard offers no undo; one that fails says nothing here', async () => {
    const { result } = renderHook(() => useClear(), { wrapper: Provider });
    answers = [[200, job]];
    await act(async () => void (await result.current.send({ scope: { all: true }, mode: 'hard' })));
    expect(newest()).toMatchObject({ title: 'Deleted', detail: 'everything' });
    expect(newest()?.action).toBeUndefined();
    answers = [refused];
    await act(async () => expect(await result.current.send({ scope: { all: true }, mode: 'hard' })).toBe(false));
    expect(toasts.list()).toHaveLength(1);
  });
});

describe('a mode', () => {
  test('is undone to what it was, for as long as that would have held', async () => {
    const changed = vi.fn();
    const { result } = renderHook(() => useSetMode('chat', before, changed), { wrapper: Provider });
    answers = [[200, { ...before, mode: 'cache', unreached: [] }]];
    await act(async () => void (await result.current.send({ mode: 'cache', reason: 'Done' })));
    expect(newest()).toMatchObject({ tone: 'good', title: 'chat is in mode cache' });
    answers = [[200, { ...before, unreached: [] }]];
    await press('Undo');
    await waitFor(() => expect(newest()?.title).toBe('chat is in mode observe again'));
    expect(asked.at(-1)?.body).toEqual({ mode: 'observe', reason: 'Comparing', forMs: 90_000 });
    expect(changed).toHaveBeenCalledTimes(2);
  });

  test('names the instances that didn’t answer', async () => {
    const { result } = renderHook(() => useSetMode('chat', undefined, () => undefined), { wrapper: Provider });
    answers = [[200, { ...before, unreached: ['edge-2'] }]];
    await act(async () => void (await result.current.send({ mode: 'observe', reason: 'Comparing' })));
    expect(newest()).toMatchObject({ tone: 'watch', detail: expect.stringContaining('edge-2') as string });
    expect(newest()?.action).toBeUndefined();
  });
});
