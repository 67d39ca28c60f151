import type { Change } from '../../lib/contracts/changes.ts';

/** What changed in the minutes before `at` (ms since the epoch), by scenario; newest first. */
export function changesOf(scenario: string, at: number): Change[] {
  const ago = (
    seconds: number,
    id: string,
    change: Omit<Change, 'id' | 'at' | 'service' | 'instance' | 'jobId'> & Partial<Change>,
  ): Change => ({
    id,
    at: at - seconds * 1_000,
    service: null,
    instance: null,
    jobId: null,
    ...change,
  });
  const started = ago(3_000, 'start', {
    kind: 'instance',
    tone: 'neutral',
    title: 'Pitwall started',
    detail: 'Version 0.1.0. What changed before isn’t kept.',
    instance: 'edge-1',
  });
  if (scenario === 'empty') return [started];
  const usual = [
    ago(62, 'job-clear-1', {
      kind: 'clear',
      tone: 'neutral',
      title: 'Mark tag chat:42 stale',
      detail: '2 of 2 workers confirmed it.',
      jobId: 'clear-1',
    }),
    ago(171, 'config-1', {
      kind: 'config',
      tone: 'neutral',
      title: 'Configuration taken',
      detail: 'Changed: chat.',
      service: 'chat',
      instance: 'edge-1',
    }),
    ago(238, 'mode-1', {
      kind: 'mode',
      tone: 'neutral',
      title: 'Mode cache',
      detail: 'Was observe. The time set for it is over. 2 of 2 workers.',
      service: 'search',
    }),
    started,
  ];
  if (scenario !== 'failing') return usual;
  return [
    ago(130, 'breaker-1', {
      kind: 'breaker',
      tone: 'bad',
      title: 'Breaker opened',
      detail:
        'http://127.0.0.1:9000: 5 failures in a row, last: no response head within 30 s. Probes that failed since: 4. 2 of 2 workers.',
      service: 'chat',
    }),
    ...usual,
  ].sort((a, b) => b.at - a.at);
}
