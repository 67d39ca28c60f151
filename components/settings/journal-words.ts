import type { JournalEntry, JournalKind, JournalOutcome } from '@/lib/contracts/journal';
import type { State } from '@/components/ui/state';

export const KIND_WORD: Readonly<Record<JournalKind, string>> = {
  command: 'Commands',
  event: 'Events',
  opened: 'Starts',
  closed: 'Ends',
  gap: 'Gaps',
};

/** What a kind is, in a sentence beside the word. */
export const KIND_MEANS: Readonly<Record<JournalKind, string>> = {
  command: 'Somebody asked for a change',
  event: 'The engine changed by itself',
  opened: 'An instance started',
  closed: 'An instance ended as it should',
  gap: 'Events may be missing here: an instance ended without closing, or more came than could be kept',
};

export const OUTCOME: Readonly<Record<JournalOutcome, { readonly state: State; readonly word: string }>> = {
  done: { state: 'good', word: 'Done' },
  refused: { state: 'watch', word: 'Refused' },
  failed: { state: 'bad', word: 'Failed' },
  pending: { state: 'unknown', word: 'No outcome' },
};

/** Whom the filter for this actor leaves: strangers are all one to it. */
export const actorWords = ({ actor, who }: Pick<JournalEntry, 'actor' | 'who'>): string =>
  whoWords({ actor, who: actor === 'stranger' ? null : who });

/** Who did it, while that isn't erased. */
export function whoWords({ actor, who }: Pick<JournalEntry, 'actor' | 'who'>): string {
  if (actor === 'local') return 'At this machine';
  if (actor === 'engine') return 'Pitwall itself';
  if (who !== null) return who;
  if (actor === 'stranger') return 'Somebody who logs in';
  return actor.startsWith('token:') ? 'An erased token' : 'Somebody erased';
}
