import type { Clearing, ClearLog } from '../cache/clear-log.ts';
import type { Entry } from '../cache/entry.ts';
import type { ExplainStep } from '../contracts/explain.ts';
import { ageValue, apparentAge } from '../http-cache/age.ts';
import { parseHttpDate } from '../http-cache/date.ts';
import { currentAge } from '../http-cache/freshness.ts';
import { header } from '../http-cache/header-list.ts';
import { graceReason, lifetimeReason, storedReason, type Because } from '../http-cache/reasons.ts';
import { judge, type Judgement } from '../http-cache/storable.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Redactor } from '../kernel/redact.ts';
import { timeText } from '../kernel/time-text.ts';
import type { Asked } from './exchange.ts';
import { becauseOf } from './reason-source.ts';

/** What explaining a stored response takes. */
export interface EntryScene {
  readonly clock: Clock;
  readonly clearLog: Pick<ClearLog, 'clearing'>;
  readonly redactor: Pick<Redactor, 'isSecret'>;
}

/** A stored response's clear, age, lifetime, freshness, graces and why it was stored, with the numbers. Changes nothing. */
export function entrySteps({ clock, clearLog }: EntryScene, x: Asked, entry: Entry): ExplainStep[] {
  const now = clock.mono();
  const receivedAt = clock.wall() - (now - entry.storedAt);
  const headers = [...entry.headers, ...entry.ownHeaders];
  const judged = judgedAgain(x, entry, headers, receivedAt);
  return [
    clearStep(clearLog.clearing(entry)),
    ageStep(entry, headers, receivedAt, now),
    ...lifetimeSteps(entry, headers, judged, now),
    ...graceSteps(entry, headers, now),
    storedStep(entry, headers, judged),
  ];
}

/** Freshness sources aren't kept: they follow from what is stored. Credentials and no-store of the request didn't matter. */
function judgedAgain(x: Asked, entry: Entry, headers: readonly string[], receivedAt: number): Judgement {
  return judge({
    method: 'GET',
    authorization: false,
    cookie: false,
    requestNoStore: false,
    status: entry.status,
    headers,
    requestedAt: entry.storedAt - entry.responseDelay,
    receivedAt: entry.storedAt,
    wall: receivedAt,
    policy: x.route.route.policy,
  });
}

/** "clear 42", and what it named. */
export function clearReason({ number, scope }: Clearing): Because {
  const source = `clear ${number}`;
  if (scope === 'folded') return { text: 'older clears that became one of the service', source };
  if (scope === 'ahead') return { text: 'stored by an instance that knows of more clears than this one', source };
  const named = Object.entries(scope).map(([kind, name]) => (name === true ? kind : `${kind} ${name}`));
  return { text: named.join(', '), source };
}

function clearStep(clearing: Clearing | undefined): ExplainStep {
  if (clearing === undefined) return { step: 'clear', says: 'No clear concerns it.' };
  const says = clearing.mode === 'hard' ? 'It was cleared hard: it is gone.' : 'It was cleared softly: it is stale.';
  return { step: 'clear', says, because: clearReason(clearing), numbers: { clear: clearing.number } };
}

function ageStep(entry: Entry, headers: readonly string[], receivedAt: number, now: number): ExplainStep {
  const date = header(headers, 'date');
  const dateAt = date === undefined ? undefined : parseHttpDate(date.trim(), receivedAt);
  const age = currentAge(entry, now);
  return {
    step: 'age',
    says: `It is ${timeText(age)} old: ${timeText(entry.initialAge)} on arrival and ${timeText(age - entry.initialAge)} here.`,
    because: { text: 'current_age = corrected_initial_age + resident_time', source: 'RFC 9111 §4.2.3' },
    numbers: {
      receivedAt: Math.round(receivedAt),
      ...(dateAt !== undefined && { dateAt, apparentAge: Math.max(0, Math.round(apparentAge(dateAt, receivedAt))) }),
      ageValue: ageValue(headers),
      responseDelay: Math.round(entry.responseDelay),
      initialAge: Math.round(entry.initialAge),
      residentTime: Math.round(age - entry.initialAge),
      currentAge: Math.round(age),
    },
  };
}

function lifetimeSteps(
  entry: Entry,
  headers: readonly string[],
  judged: Judgement,
  now: number,
): [ExplainStep, ExplainStep] {
  const lifetime = Math.round(entry.freshUntil - entry.storedAt + entry.initialAge);
  const left = Math.round(entry.freshUntil - now);
  const fresh = left > 0;
  return [
    {
      step: 'lifetime',
      says: `Its freshness lifetime is ${timeText(lifetime)}.`,
      ...(judged.store && { because: lifetimeReason(headers, judged) }),
      numbers: { lifetime },
    },
    {
      step: 'freshness',
      says: fresh
        ? `By its age it is fresh for another ${timeText(left)}.`
        : `It has been stale for ${timeText(-left)}.`,
      because: { text: 'fresh while freshness_lifetime > current_age', source: 'RFC 9111 §4.2' },
      numbers: { lifetime, currentAge: Math.round(currentAge(entry, now)), freshFor: left },
    },
  ];
}

function graceSteps(entry: Entry, headers: readonly string[], now: number): ExplainStep[] {
  const { mustRevalidate, freshUntil } = entry;
  const graces = {
    mustRevalidate,
    staleWhileRevalidate: Math.round(entry.staleWhileRevalidateUntil - freshUntil),
    staleIfError: Math.round(entry.staleIfErrorUntil - freshUntil),
  };
  const of = (which: 'staleWhileRevalidate' | 'staleIfError', what: string): ExplainStep => {
    const because = graceReason(headers, which, graces);
    const grace = graces[which];
    return {
      step: 'grace',
      says: grace > 0 ? `It may answer stale for ${timeText(grace)} ${what}.` : `It may not answer stale ${what}.`,
      ...(because && { because }),
      numbers: { grace, graceLeft: Math.max(0, Math.round(freshUntil + grace - Math.max(now, freshUntil))) },
    };
  };
  return [of('staleWhileRevalidate', 'while it is refreshed'), of('staleIfError', 'if the origin fails')];
}

function storedStep(entry: Entry, headers: readonly string[], judged: Judgement): ExplainStep {
  if (judged.store)
    return { step: 'storing', says: 'It may be stored.', because: storedReason(headers, entry.status, judged) };
  return {
    step: 'storing',
    says: 'The policy has changed since: it would not be stored now. What is stored keeps its times.',
    because: becauseOf(judged.reason, headers),
  };
}

/** What a response was stored for, as far as others may see it: of credentials whether there were any. */
export function storedFor({ redactor }: EntryScene, name: string, value: string): string {
  return redactor.isSecret(name) && value.trim() !== '' ? '(not shown)' : value;
}
