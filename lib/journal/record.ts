import { createHmac } from 'node:crypto';
import type { JournalOutcome } from '../contracts/journal.ts';

/** outcome: what became of the command `of`. checkpoint: older records were pruned, up to the heads that it names. */
export type RecordKind = 'command' | 'outcome' | 'event' | 'opened' | 'closed' | 'gap' | 'checkpoint';

/** One line of a chain, never changed once it's written. */
export interface JournalRecord {
  /** Name of the instance, and of one life of its process. */
  readonly chain: string;
  /** From 1, without holes. */
  readonly number: number;
  /** Whole ms since the epoch. */
  readonly at: number;
  readonly kind: RecordKind;
  readonly action: string;
  readonly actor: string;
  /** Id of a JournalSubject. */
  readonly subject: string | null;
  readonly target: string | null;
  /** Of an outcome: the number of its command. */
  readonly of: number | null;
  readonly outcome: Exclude<JournalOutcome, 'pending'> | null;
  readonly requestId: string | null;
  /** JSON, as detail.ts reads it. */
  readonly detail: string;
  /** HMAC-SHA-256 over the mac before and everything above, in hex. */
  readonly mac: string;
}

/** A record that has no place in a chain yet. */
export type RecordDraft = Omit<JournalRecord, 'chain' | 'number' | 'mac'>;

/** What tells of a person; kept apart, so that it can be erased without a change to the chain. */
export interface JournalSubject {
  readonly id: string;
  readonly actor: string;
  readonly name: string | null;
  readonly address: string | null;
  readonly agent: string | null;
  /** ms since the epoch */
  readonly at: number;
}

/** The actor of whoever isn't logged in: with what they typed as e-mail address as their name. */
export const STRANGER = 'stranger';

/** The e-mail addresses in `names`, in lower case: of "Ada <ada@shop.test>", or of an address alone. */
export function emailsOf(names: readonly (string | null)[]): ReadonlySet<string> {
  const addresses = names.map((name) => (name === null ? undefined : (/<([^<>]+)>$/.exec(name)?.[1] ?? name)));
  return new Set(addresses.filter((address) => address?.includes('@')).map((address) => (address ?? '').toLowerCase()));
}

/** The end of a chain, or of a part of it. */
export interface JournalHead {
  readonly chain: string;
  readonly number: number;
  readonly mac: string;
}

/** The action of every checkpoint, by which they are found. */
export const CHECKPOINT_ACTION = 'prune';

/** What comes before the first record of a chain. */
export const ROOT = '';

/** The same for the same record on every database: a JSON list in fixed order, so that no two records share one. */
export function canonical(record: Omit<JournalRecord, 'mac'>): string {
  const { chain, number, at, kind, action, actor, subject, target, of, outcome, requestId, detail } = record;
  return JSON.stringify([chain, number, at, kind, action, actor, subject, target, of, outcome, requestId, detail]);
}

/** @param previous the mac of the record before, ROOT for the first */
export function macOf(key: Buffer, previous: string, record: Omit<JournalRecord, 'mac'>): string {
  return createHmac('sha256', key)
    .update(`${previous}\n${canonical(record)}`)
    .digest('hex');
}

/** Gives a draft the place after `head`. */
export function chained(key: Buffer, head: JournalHead, draft: RecordDraft): JournalRecord {
  const record = { ...draft, chain: head.chain, number: head.number + 1 };
  return { ...record, mac: macOf(key, head.mac, record) };
}

/** Text that both databases keep as it is: no NUL, no half of a surrogate pair, at most `max` characters. */
export function cleanText(text: string, max: number): string {
  const clean = text.replaceAll('\0', '').slice(0, max);
  return clean.toWellFormed();
}
