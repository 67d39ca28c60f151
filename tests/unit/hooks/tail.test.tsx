// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveChannelContext, type LiveChannel, type TailWish } from '@/hooks/live-channel';
import { useTail } from '@/hooks/use-tail';
import { ANY_REQUEST } from '@/lib/contracts/tail';
import { requestsOf } from '../../support/console-requests';

let wishes: TailWish[];
let ended: number;
const channel: LiveChannel = {
  attach: () => () => undefined,
  tail(wish) {
    wishes.push(wish);
    return () => ended++;
  },
};
const wrapper = ({ children }: { children: ReactNode }) => (
  <LiveChannelContext value={channel}>{children}</LiveChannelContext>
);
const start = (text = '') =>
  renderHook(({ filter }) => useTail(filter), { wrapper, initialProps: { filter: { ...ANY_REQUEST, text } } });
const lines = requestsOf('flood', 0, 1_000);
const batch = (dropped = 0) => ({ records: lines, dropped });

beforeEach(() => {
  wishes = [];
  ended = 0;
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test('gathers what comes, and says when the server has taken the filter or why not', async () => {
  const { result } = start();
  await waitFor(() => expect(wishes).toHaveLength(1));
  expect(result.current).toMatchObject({ status: 'waiting', problem: null });
  act(() => wishes[0]?.onAnswer(null));
  act(() => wishes[0]?.onBatch(batch(3)));
  expect(result.current.status).toBe('open');
  expect(result.current.now).toMatchObject({ arrived: lines.length, dropped: 3 });
  act(() => wishes[0]?.onAnswer('No.'));
  expect(result.current).toMatchObject({ status: 'waiting', problem: 'No.' });
  act(() => result.current.retry());
  await waitFor(() => expect(wishes).toHaveLength(2));
});

test('a new filter holds at once for what is there and for what still comes of the old one', async () => {
  const { result, rerender } = start();
  await waitFor(() => expect(wishes).toHaveLength(1));
  act(() => wishes[0]?.onBatch(batch()));
  rerender({ filter: { ...ANY_REQUEST, text: '/api/me' } });
  const mine = lines.filter(({ path }) => path === '/api/me').length;
  expect(result.current.now.lines).toHaveLength(mine);
  act(() => wishes[0]?.onBatch(batch()));
  expect(result.current.now.lines).toHaveLength(2 * mine);
  await waitFor(() => expect(wishes.at(-1)?.filter.text).toBe('/api/me'));
});

test('many changes are sent as few; the last one is', async () => {
  const { rerender } = start();
  await waitFor(() => expect(wishes).toHaveLength(1));
  for (const text of ['c', 'ch', 'cha', 'chat']) rerender({ filter: { ...ANY_REQUEST, text } });
  await waitFor(() => expect(wishes.map(({ filter }) => filter.text)).toEqual(['', 'chat']));
});

test('the stream ends with the page that shows it', async () => {
  const { unmount } = start();
  await waitFor(() => expect(wishes).toHaveLength(1));
  expect(ended).toBe(0);
  unmount();
  expect(ended).toBe(1);
});
