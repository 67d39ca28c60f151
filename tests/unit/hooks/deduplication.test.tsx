// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ApiError, describeFailure } from '@/hooks/api-error';
import { createInFlight, type InFlight } from '@/hooks/in-flight';
import { goToLogin } from '@/hooks/login-path';
import { useApi } from '@/hooks/use-api';
import {
  InFlightContext,
  useMutationOnce,
  usePending,
  useRequestDeduplication,
} from '@/hooks/use-request-deduplication';

vi.mock('@/hooks/login-path', () => ({ goToLogin: vi.fn() }));

/** A promise that the test settles. */
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

let inFlight: InFlight;
const Provider = ({ children }: { children: ReactNode }) => (
  <InFlightContext value={inFlight}>{children}</InFlightContext>
);

beforeEach(() => {
  inFlight = createInFlight();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('calls in flight', () => {
  test('one call serves everybody who asks meanwhile; the next one calls anew', async () => {
    const gate = deferred<number>();
    const run = vi.fn(() => gate.promise);
    const [a, b] = [inFlight.share('k', run), inFlight.share('k', run)];
    expect(inFlight.isPending('k')).toBe(true);
    gate.resolve(7);
    expect(await Promise.all([a, b])).toEqual([7, 7]);
    expect(run).toHaveBeenCalledTimes(1);
    expect(inFlight.isPending('k')).toBe(false);
    await inFlight.share('k', run);
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('a failure reaches everybody and isn’t kept; so does one thrown at once', async () => {
    const gate = deferred<number>();
    const calls = [inFlight.share('k', () => gate.promise), inFlight.share('k', () => gate.promise)];
    gate.reject(new Error('no'));
    expect((await Promise.allSettled(calls)).map((result) => result.status)).toEqual(['rejected', 'rejected']);
    await expect(
      inFlight.share('k', () => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
    expect(inFlight.isPending('k')).toBe(false);
  });

  test('listeners hear of starts and ends until they stop', async () => {
    const listener = vi.fn();
    const stop = inFlight.subscribe(listener);
    await inFlight.share('k', async () => 1);
    expect(listener).toHaveBeenCalledTimes(2);
    stop();
    await inFlight.share('k', async () => 1);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

test('the hook refuses to work without a store', () => {
  const caught: string[] = [];
  function Bare() {
    try {
      useRequestDeduplication();
    } catch (error) {
      caught.push((error as Error).message);
    }
    return null;
  }
  render(<Bare />);
  expect(caught[0]).toMatch(/InFlightContext/);
});

test('two buttons of one mutation, pressed again and again, send it once, and both know', async () => {
  const gate = deferred<void>();
  const post = vi.fn((_run: boolean) => gate.promise);
  function Press({ name }: { name: string }) {
    const { send, pending } = useMutationOnce('traffic', post);
    return (
      <button type="button" onClick={() => void send(true)}>
        {name} {pending ? 'pending' : 'idle'}
      </button>
    );
  }
  render(<Press name="a" />, {
    wrapper: ({ children }) => (
      <Provider>
        {children}
        <Press name="b" />
      </Provider>
    ),
  });
  const buttons = screen.getAllByRole('button');
  for (const button of [...buttons, ...buttons]) fireEvent.click(button);
  await waitFor(() => expect(screen.getAllByText(/pending/)).toHaveLength(2));
  expect(post).toHaveBeenCalledTimes(1);
  await act(async () => gate.resolve());
  expect(screen.getAllByText(/idle/)).toHaveLength(2);
});

test('a mutation says why it failed, until it is sent again', async () => {
  let fail = true;
  const post = async () => {
    if (fail) throw new Error('refused');
  };
  const { result } = renderHook(() => useMutationOnce('k', post), { wrapper: Provider });
  await act(async () => expect(await result.current.send(undefined)).toBe(false));
  expect(describeFailure(result.current.error).detail).toBe('refused');
  fail = false;
  await act(async () => expect(await result.current.send(undefined)).toBe(true));
  expect(result.current.error).toBeNull();
});

test('pending is per key', async () => {
  const gate = deferred<void>();
  const { result } = renderHook(() => [usePending('a'), usePending('b')], { wrapper: Provider });
  let call: Promise<void> | undefined;
  act(() => void (call = inFlight.share('a', () => gate.promise)));
  expect(result.current).toEqual([true, false]);
  await act(async () => {
    gate.resolve();
    await call;
  });
  expect(result.current).toEqual([false, false]);
});

describe('the API', () => {
  const schema = z.object({ n: z.number() });
  const answer = (status: number, body: string) => vi.fn(async () => new Response(body, { status }));
  const api = () => renderHook(useApi, { wrapper: Provider }).result.current;

  test('two components that ask for the same make one request', async () => {
    const fetch = answer(200, '{"n":1}');
    vi.stubGlobal('fetch', fetch);
    const [first, second] = [api(), api()];
    expect(await Promise.all([first.get('/x', schema), second.get('/x', schema)])).toEqual([{ n: 1 }, { n: 1 }]);
    expect(fetch).toHaveBeenCalledTimes(1);
    await first.get('/y', schema);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  test('problem details become an error with their code', async () => {
    const problem = {
      type: 'urn:x',
      title: 'No',
      status: 503,
      detail: 'gone',
      code: 'gateway_unavailable',
      instance: 'r1',
    };
    vi.stubGlobal('fetch', answer(503, JSON.stringify(problem)));
    const error = await api()
      .get('/x', schema)
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ApiError);
    expect(describeFailure(error)).toEqual({
      title: 'No',
      detail: 'gone',
      code: 'gateway_unavailable',
      instance: 'r1',
    });
  });

  test.each([
    [500, '<h1>no</h1>', /answered 500/],
    [200, 'not json', /broke its contract/],
    [200, '{"n":"1"}', /at n:/],
  ])('%d %s is a broken contract', async (status, body, message) => {
    vi.stubGlobal('fetch', answer(status, body));
    await expect(api().get('/x', schema)).rejects.toThrow(message);
  });

  test('no connection and no answer in time say so', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    const gone = await api()
      .get('/x', schema)
      .catch((failure: unknown) => failure);
    expect(describeFailure(gone)).toMatchObject({ title: 'Pitwall doesn’t answer', code: null });
    vi.stubGlobal('fetch', () => Promise.reject(new DOMException('late', 'TimeoutError')));
    await expect(api().get('/x', schema)).rejects.toThrow(/within 15 s/);
  });

  test('what changes something is sent as JSON, or without a body; an answer that is read keeps its contract', async () => {
    const fetch = vi.fn(async (_path: string, _init: RequestInit) => new Response(null, { status: 204 }));
    vi.stubGlobal('fetch', fetch);
    await api().send('POST', '/x', { run: true });
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"run":true}' });
    await api().send('DELETE', '/x', undefined);
    expect(fetch.mock.calls[1]?.[1]).toEqual(
      expect.objectContaining({ method: 'DELETE', headers: { accept: 'application/json' } }),
    );
    expect(fetch.mock.calls[1]?.[1]).not.toHaveProperty('body');
    vi.stubGlobal('fetch', answer(200, '{"n":1}'));
    expect(await api().send('PATCH', '/x', {}, schema)).toEqual({ n: 1 });
    await expect(api().send('PATCH', '/x', {}, z.object({ m: z.number() }))).rejects.toThrow(/broke its contract/);
  });

  test('an ended session leads to the log-in, and back from it; another refusal leads nowhere', async () => {
    const refusal = (status: number, code: string) =>
      answer(status, JSON.stringify({ type: 'urn:x', title: 'No', status, detail: 'no', code }));
    vi.stubGlobal('fetch', refusal(403, 'permission_denied'));
    await expect(api().get('/x', schema)).rejects.toThrow('no');
    expect(goToLogin).not.toHaveBeenCalled();
    vi.stubGlobal('fetch', refusal(401, 'login_required'));
    await expect(api().send('POST', '/x', {})).rejects.toThrow('no');
    expect(goToLogin).toHaveBeenCalledTimes(1);
  });

  test('a failure says for how long it’s no use to ask again', async () => {
    vi.stubGlobal('fetch', async () => new Response('{}', { status: 429, headers: { 'retry-after': '12' } }));
    await expect(api().get('/x', schema)).rejects.toMatchObject({ retryAfterMs: 12_000 });
  });
});
