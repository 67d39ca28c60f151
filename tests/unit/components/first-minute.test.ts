import { describe, expect, it } from 'vitest';
import { burstWord } from '@/components/first-minute/burst-line';
import { clearWord, followed } from '@/components/first-minute/clear-line';
import { outageNews, outageWord } from '@/components/first-minute/outage-line';
import { createFixtureJobs } from '../../support/console-jobs';
import { createFixtureSample } from '../../support/console-sample';

const sample = createFixtureSample();
const answer = sample.burst(1_000);

describe('the words of the stories', () => {
  it('say of a burst what was answered, what failed and what it cost', () => {
    expect(burstWord(answer)).toBe('1,000 answered, 1 origin call');
    expect(burstWord({ ...answer, answered: 940, failed: 60, originCalls: 3 })).toBe(
      '940 answered, 60 failed, 3 origin calls',
    );
    expect(burstWord({ ...answer, answered: 0, failed: 1_000, originCalls: 0 })).toBe(
      '0 answered, 1,000 failed, 0 origin calls',
    );
  });

  it('say of an outage how long the breaker was open, and what clients got', () => {
    const begun = sample.fail(20, 0);
    expect(outageNews(begun)).toBe('The sample origin is broken for 20 s');
    const half = sample.outage(10_000)!;
    expect(outageWord(half)).toBe('Breaker open, for 7 s so far; served stale 306; failed 5 (never stored)');
    const over = sample.outage(20_000)!;
    expect(outageWord(over)).toBe('Breaker open for 14 s; served stale 612; failed 9 (never stored)');
    expect(outageNews(over)).toBe(outageWord(over));
    expect(outageNews({ ...over, phase: 'recovering' })).toBe('The sample origin answers again');
    const calm = { ...over, breaker: { openMs: 0, open: false, opened: 0 } };
    expect(outageWord(calm)).toMatch(/^Breaker stayed closed; /);
    expect(outageWord({ ...over, breaker: { ...over.breaker, open: true } })).toMatch(/^Breaker open, for 14 s so far/);
  });

  it('say of a clear who has followed', () => {
    const job = createFixtureJobs('sample', 0).clear({ scope: { tag: 'chat:42' }, mode: 'soft' }, 1);
    expect(clearWord({ job, undone: false }, 'chat:42')).toBe('chat:42 is stale, confirmed by 2 of 2 workers');
    expect(clearWord({ job, undone: true }, 'chat:42')).toBe('chat:42 is fresh again');
    expect(clearWord({ job: null, undone: false }, 'chat:42')).toBe('');
    const [first, second] = job.outcomes;
    expect(followed({ ...job, outcomes: [first!] })).toBe('confirmed by 1 of 1 worker');
    expect(followed({ ...job, outcomes: [first!, { ...second!, state: 'unconfirmed' }] })).toBe(
      'confirmed by 1 of 2 workers',
    );
    expect(followed({ ...job, endedAt: null })).toBe('being confirmed');
  });
});
