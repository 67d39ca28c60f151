import type { Entry } from '../cache/entry.ts';
import type { ExplainStep } from '../contracts/explain.ts';
import type { MissReason } from '../contracts/traffic.ts';
import { lifetimeReason, storedReason } from '../http-cache/reasons.ts';
import type { Storable } from '../http-cache/storable.ts';
import { timeText } from '../kernel/time-text.ts';
import type { Asked } from './exchange.ts';
import type { EntryScene } from './explain-entry.ts';
import { levelSteps, STANDS_IN } from './explain-steps.ts';
import type { FlightHead } from './judge.ts';
import { becauseOf } from './reason-source.ts';

/** What L3 had, after L2. @param entry undefined: nothing that L2 hadn't */
export function belowSteps(scene: EntryScene, x: Asked, entry: Entry | undefined): ExplainStep[] {
  if (entry === undefined) return [{ step: 'l3', says: 'L3 was asked, and has nothing better.' }];
  return levelSteps(scene, x, 'l3', [entry], entry);
}

/** What the origin's answer is judged to be. @param headers as the origin sent them */
export function judgedSteps(headers: readonly string[], status: number, judged: Storable): ExplainStep[] {
  const { lifetime, initialAge } = judged;
  return [
    {
      step: 'lifetime',
      says: `Its freshness lifetime is ${timeText(lifetime)}, its age on arrival ${timeText(initialAge)}.`,
      because: lifetimeReason(headers, judged),
      numbers: { lifetime: Math.round(lifetime), initialAge: Math.round(initialAge) },
    },
    { step: 'storing', says: 'The answer may be stored.', because: storedReason(headers, status, judged) },
  ];
}

/** What a flight gave this request. */
export function answeredStep(head: FlightHead): ExplainStep {
  if (head.kind === 'origin') {
    const stored = head.freshUntil !== undefined ? 'it is stored' : 'it is not stored';
    return { step: 'origin', says: `The origin answered ${head.status} after ${timeText(head.originMs)}; ${stored}.` };
  }
  if (head.via === 'revalidated')
    return {
      step: 'origin',
      says: head.stored
        ? 'The origin answered 304: what is stored lives on.'
        : 'The origin answered 304, and what is stored may be stored no longer: it answers once more.',
      because: { text: '304', source: 'RFC 9111 §4.3.3' },
    };
  if (head.via === 'fleet') return { step: 'sharing', says: 'Another instance fetched it.' };
  return { step: 'origin', says: 'The origin failed, or is left alone: what is stored stands in.', because: STANDS_IN };
}

/** Why the answer isn't stored. */
export function refusedStep(reason: MissReason, headers: readonly string[]): ExplainStep {
  return { step: 'storing', says: 'The answer is not stored.', because: becauseOf(reason, headers) };
}
