import { expect, test, vi } from 'vitest';
import { createToasts, MAX_TOASTS, withToast, type Toast } from '@/hooks/toasts';

const toast = (id: number, tone: Toast['tone'] = 'good', title = `t${id}`): Toast => ({ id, tone, title });
const ids = (list: readonly Toast[]) => list.map(({ id }) => id);

test(`never more than ${MAX_TOASTS}: the oldest that isn’t bad leaves, else the oldest`, () => {
  const full = [toast(1, 'bad'), toast(2), toast(3)];
  expect(ids(withToast(full.slice(0, 2), toast(4)))).toEqual([1, 2, 4]);
  expect(ids(withToast(full, toast(4)))).toEqual([1, 3, 4]);
  expect(ids(withToast([toast(1, 'bad'), toast(2, 'bad'), toast(3, 'bad')], toast(4)))).toEqual([2, 3, 4]);
});

test('the same said again stands once, as the newest', () => {
  expect(ids(withToast([toast(1, 'bad', 'a'), toast(2)], toast(3, 'bad', 'a')))).toEqual([2, 3]);
});

test('tells who listens, and forgets what is dismissed', () => {
  const toasts = createToasts();
  const heard = vi.fn();
  const stop = toasts.subscribe(heard);
  toasts.show({ tone: 'good', title: 'a' });
  const [first] = toasts.list();
  expect(toasts.list()).toBe(toasts.list());
  toasts.dismiss(first!.id);
  expect(toasts.list()).toEqual([]);
  stop();
  toasts.show({ tone: 'good', title: 'b' });
  expect(heard).toHaveBeenCalledTimes(2);
});
