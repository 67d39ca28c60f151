// @vitest-environment jsdom
import { act, cleanup, fireEvent, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCommands, keyCaps, keyOf, type Command, type Commands } from '@/hooks/commands';
import { CommandsContext, useCommands, useCommandTable } from '@/hooks/use-commands';
import { SECOND_KEY_MS, useShortcuts } from '@/hooks/use-shortcuts';

const command = (id: string, keys: readonly string[], part: Partial<Command> = {}): Command => ({
  id,
  group: 'Act',
  title: id,
  keys,
  run: vi.fn(),
  ...part,
});

let commands: Commands;
const Provider = ({ children }: { children: ReactNode }) => (
  <CommandsContext value={commands}>{children}</CommandsContext>
);

beforeEach(() => {
  commands = createCommands();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  document.body.innerHTML = '';
});

describe('the table', () => {
  test('lists by group, the newer of two with one id, and nothing that has ended', () => {
    const end = commands.register(() => [command('b', []), command('a', [], { group: 'Go to', title: 'old' })]);
    const endNewer = commands.register(() => [command('a', [], { group: 'Go to', title: 'new' })]);
    expect(commands.list().map(({ title }) => title)).toEqual(['new', 'b']);
    endNewer();
    expect(commands.list()[0]?.title).toBe('old');
    end();
    expect(commands.list()).toEqual([]);
  });

  test('a component offers its newest commands while it is there', () => {
    const { rerender, unmount } = renderHook(({ title }) => useCommands([command('a', [], { title })]), {
      wrapper: Provider,
      initialProps: { title: 'one' },
    });
    rerender({ title: 'two' });
    expect(commands.list().map(({ title }) => title)).toEqual(['two']);
    unmount();
    expect(commands.list()).toEqual([]);
  });

  test('there is none outside a console', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderHook(() => useCommandTable())).toThrow('CommandsContext');
  });
});

test('keys are written as they are pressed, and as they stand on the keyboard', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  expect(keyOf({ ...plain, key: ' ' })).toBe('Space');
  expect(keyOf({ ...plain, key: 'K', metaKey: true, shiftKey: true })).toBe('Mod+k');
  expect(keyOf({ ...plain, key: 'P' })).toBe('p'); // Caps Lock
  expect(keyOf({ ...plain, key: 'P', shiftKey: true })).toBe('P');
  expect(keyOf({ ...plain, key: 'Shift' })).toBeNull();
  expect(keyOf({ ...plain, key: 'p', altKey: true })).toBeNull();
  expect(keyCaps('Mod+k', false)).toEqual(['Ctrl', 'K']);
  expect(keyCaps('Mod+k', true)).toEqual(['⌘', 'K']);
  expect(keyCaps('g p', false)).toEqual(['g', 'p']);
  expect(keyCaps('ArrowLeft', false)).toEqual(['←']);
});

describe('shortcuts', () => {
  const press = (key: string, init: KeyboardEventInit = {}, target: Element = document.body) =>
    fireEvent.keyDown(target, { key, ...init });
  function setup(all: readonly Command[], plain = true) {
    commands.register(() => all);
    return renderHook(() => useShortcuts(commands, plain));
  }

  test('run their command, and leave the rest to the browser', () => {
    const pause = command('pause', ['p', 'Space']);
    setup([pause]);
    expect(press('p')).toBe(false); // prevented
    press(' ');
    expect(press('x')).toBe(true);
    press('p', { repeat: true });
    expect(pause.run).toHaveBeenCalledTimes(2);
  });

  test('not while typing, in a dialog, or where Space presses; with Ctrl while typing, but in no dialog', () => {
    const [p, k] = [command('p', ['p', 'Space']), command('k', ['Mod+k'])];
    setup([p, k]);
    document.body.innerHTML = '<input><select></select><button>b</button><div role="dialog"><i></i></div>';
    for (const where of ['input', 'select', 'i']) press('p', {}, document.querySelector(where)!);
    press(' ', {}, document.querySelector('button')!);
    expect(p.run).not.toHaveBeenCalled();
    press('p', {}, document.querySelector('button')!);
    expect(p.run).toHaveBeenCalledTimes(1);
    press('k', { ctrlKey: true }, document.querySelector('input')!);
    expect(k.run).toHaveBeenCalledTimes(1);
    document.querySelector('[role="dialog"]')!.setAttribute('data-modal', '');
    press('k', { metaKey: true });
    press('p');
    expect(k.run).toHaveBeenCalledTimes(1);
    expect(p.run).toHaveBeenCalledTimes(1);
  });

  test('two keys one after the other; the first says that it waits', () => {
    const [go, p] = [command('go', ['g p']), command('p', ['p'])];
    const { result } = setup([go, p]);
    press('g');
    expect(result.current).toBe('g');
    press('Shift', { shiftKey: true });
    press('p');
    expect(go.run).toHaveBeenCalledTimes(1);
    expect(p.run).not.toHaveBeenCalled();
    expect(result.current).toBeNull();
    // A second key that nobody has ends the pair and does nothing.
    press('g');
    expect(press('x')).toBe(false);
    press('p');
    expect(p.run).toHaveBeenCalledTimes(1);
  });

  test('the second key has its time', () => {
    vi.useFakeTimers();
    const go = command('go', ['g p']);
    const { result } = setup([go]);
    press('g');
    act(() => void vi.advanceTimersByTime(SECOND_KEY_MS - 1));
    expect(result.current).toBe('g');
    act(() => void vi.advanceTimersByTime(1));
    expect(result.current).toBeNull();
    press('p');
    expect(go.run).not.toHaveBeenCalled();
  });

  test('plain keys can be off; those with Ctrl stay', () => {
    const [p, k] = [command('p', ['p']), command('k', ['Mod+k'])];
    setup([p, k], false);
    press('p');
    press('k', { ctrlKey: true });
    expect(p.run).not.toHaveBeenCalled();
    expect(k.run).toHaveBeenCalledTimes(1);
  });

  test('what only the help tells of runs nothing', () => {
    commands.register(() => [{ id: 'close', group: 'Console', title: 'Close', keys: ['Escape'] }]);
    renderHook(() => useShortcuts(commands, true));
    expect(press('Escape')).toBe(true);
  });
});

test('the key of a command that one may not run says so, and runs nothing', () => {
  const refused = vi.fn();
  const clear = command('clear', ['c'], { refused: 'Needs the role operator' });
  commands.register(() => [clear]);
  renderHook(() => useShortcuts(commands, true, refused));
  fireEvent.keyDown(document.body, { key: 'c' });
  expect(refused).toHaveBeenCalledExactlyOnceWith(clear);
  expect(clear.run).not.toHaveBeenCalled();
});
