import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createAttention } from '../../../sample/attention.ts';

const TEN_MINUTES = 600_000;

function attention() {
  const clock = manualClock();
  return { clock, hold: createAttention({ clock, idleAfterMs: TEN_MINUTES }) };
}

describe('attention', () => {
  it('is off until it starts', () => {
    const { hold } = attention();
    hold.watchers(3);
    expect(hold.state()).toBe('off');
    hold.start();
    expect(hold.state()).toBe('running');
  });

  it('turns idle ten minutes after the last watcher left, and wakes with the next', () => {
    const { clock, hold } = attention();
    hold.start();
    hold.watchers(1);
    clock.advance(TEN_MINUTES * 3);
    expect(hold.state()).toBe('running');
    hold.watchers(0);
    clock.advance(TEN_MINUTES - 1);
    expect(hold.state()).toBe('running');
    clock.advance(1);
    expect(hold.state()).toBe('idle');
    hold.watchers(1);
    expect(hold.state()).toBe('running');
    hold.watchers(0);
    expect(hold.state()).toBe('running');
  });

  it('turns idle when nobody ever watched, and runs on a person’s word', () => {
    const { clock, hold } = attention();
    hold.start();
    clock.advance(TEN_MINUTES);
    expect(hold.state()).toBe('idle');
    hold.resume();
    expect(hold.state()).toBe('running');
  });

  it('stays stopped, whoever watches or starts, until a person resumes it', () => {
    const { clock, hold } = attention();
    hold.start();
    hold.stop();
    hold.watchers(5);
    clock.advance(TEN_MINUTES * 2);
    hold.start();
    expect(hold.state()).toBe('stopped');
    hold.resume();
    expect(hold.state()).toBe('running');
  });
});
