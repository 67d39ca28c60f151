import { createHmac } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { cleanText, type JournalSubject } from './record.ts';

export type Person = Pick<JournalSubject, 'actor' | 'name' | 'address' | 'agent'>;

/** Most people remembered, and for how long one row serves, ms: rows that nothing names any more are pruned. */
const MOST = 1_000;
const SERVES_MS = 86_400_000;

/** A random part, so that the same person has many, and a mac over the fields, so that a change is found. */
function idOf(key: Buffer, nonce: string, { actor, name, address, agent }: Person): string {
  const text = JSON.stringify([nonce, actor, name, address, agent]);
  return `${nonce}.${createHmac('sha256', key).update(text).digest('hex').slice(0, 32)}`;
}

/** Whether the fields are those that were written, or erased. */
export function isGenuine(key: Buffer, subject: JournalSubject): boolean {
  if (subject.name === null && subject.address === null && subject.agent === null) return true;
  return subject.id === idOf(key, subject.id.slice(0, subject.id.lastIndexOf('.')), subject);
}

export interface Subjects {
  /** The row of a person; undefined where nothing tells of one. `fresh` = it isn't written yet. */
  of(person: Person): { readonly subject: JournalSubject; readonly fresh: boolean } | undefined;
  /** These are written. */
  written(subjects: readonly JournalSubject[]): void;
  /** Whoever acts from now on gets a new row. */
  forget(): void;
}

export interface SubjectsOptions {
  readonly key: Buffer;
  readonly newId: () => string;
  readonly clock: Clock;
  /** Takes secrets out of a text. */
  redact(text: string): string;
}

/** Rows of people that are written already, least recently used first. */
export function createSubjects({ key, newId, clock, redact }: SubjectsOptions): Subjects {
  const known = new Map<string, { subject: JournalSubject; until: number; written: boolean }>();

  /** An empty field is none: a row with nothing but nulls is an erased one. */
  function field(text: string | null, max: number): string | null {
    const clean = cleanText(redact(text ?? ''), max);
    return clean === '' ? null : clean;
  }

  return {
    of(person) {
      const { actor } = person;
      const [name, address, agent] = [field(person.name, 200), field(person.address, 100), field(person.agent, 300)];
      if (name === null && address === null && agent === null) return undefined;
      const place = JSON.stringify([actor, name, address, agent]);
      let found = known.get(place);
      if (found === undefined || found.until <= clock.mono()) {
        const about = { actor, name, address, agent };
        const subject = { id: idOf(key, newId(), about), ...about, at: Math.trunc(clock.wall()) };
        found = { subject, until: clock.mono() + SERVES_MS, written: false };
      }
      known.delete(place);
      known.set(place, found);
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
      return { subject: found.subject, fresh: !found.written };
    },
    written(subjects) {
      const ids = new Set(subjects.map(({ id }) => id));
      if (ids.size > 0) for (const entry of known.values()) entry.written ||= ids.has(entry.subject.id);
    },
    forget: () => known.clear(),
  };
}
